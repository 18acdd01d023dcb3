using System.Diagnostics;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.CommandCenter.Events.Validating;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Events.Publishing;

internal static class PublishApi
{
    /// <summary>The server's own bound stands a little above ours, so that ours is the one that answers.</summary>
    private const int Slack = 64 * 1024;

    public static void MapPublishing(this RouteGroupBuilder events)
    {
        var publish = events.MapGroup("/publish").RequireAuthorization(Policies.PublishEvents);
        publish.MapPost("", PublishAsync)
            .WithName("PublishEvent")
            .WithSummary("Stores one event; answers after the commit.")
            .Accepts<EventEnvelope>("application/json", "application/cloudevents+json")
            .ProducesProblem(503);
        publish.MapPost("/batch", PublishBatchAsync)
            .WithName("PublishEvents")
            .WithSummary("Stores up to 1,000 events, as an array or one a line; a result for each.")
            .Accepts<EventEnvelope[]>("application/json", "application/x-ndjson", "application/cloudevents-batch+json")
            .WithMetadata(new RequestSizeLimitAttribute(EventLimits.BatchBytes + Slack))
            .ProducesProblem(503);
    }

    private static async Task<Results<Ok<Published>, ProblemHttpResult>> PublishAsync(
        HttpContext http, Caller caller, GroupCommit commit, SchemaRegistry schemas, ReadingRoom room, SharedTime time,
        ServiceIdentity identity, CancellationToken cancellationToken)
    {
        var kind = RequestBody.Kind(http.Request);
        if (kind is not (BodyKind.Json or BodyKind.CloudEvent))
        {
            return UnsupportedType("application/json or application/cloudevents+json");
        }
        EnvelopeReading reading;
        using (var body = await RequestBody.ReadAsync(http.Request, EventLimits.EventBytes, room, cancellationToken))
        {
            if (body.Outcome is not BodyOutcome.Read)
            {
                return Refuse(body.Outcome, $"An event is at most {EventLimits.EventBytes / 1024} kB.");
            }
            EnvelopeReading Read(SchemaSet known) =>
                EnvelopeReader.Read(body.Bytes, Arrive(http, caller, time, identity), known, kind is BodyKind.CloudEvent);
            reading = Read(schemas.Current);
            reading = reading.IsOfUnknownType ? Read(await schemas.RefreshAsync(cancellationToken)) : reading;
        }
        if (!reading.IsValid)
        {
            return Refuse(reading);
        }

        if (commit.TrySubmit([reading.Draft]) is not { } submitted)
        {
            return Full();
        }
        try
        {
            // Not given up when the caller leaves: it is committed in any case.
            var receipt = (await submitted)[0];
            return receipt.Outcome is Outcome.Rejected
                ? Problems.Validation([new("payload", receipt.Reason!)])
                : TypedResults.Ok(new Published("ok", Stored: true, receipt.Outcome is Outcome.Duplicate,
                    reading.Draft.EventType, reading.Draft.EventId, receipt.ReceivedAt));
        }
        catch (StorageUnavailableException away)
        {
            return Problems.Unavailable(away.Message, GroupCommit.RetryAfter);
        }
    }

    private static async Task<Results<Ok<BatchPublished>, ProblemHttpResult>> PublishBatchAsync(
        HttpContext http, Caller caller, GroupCommit commit, SchemaRegistry schemas, ReadingRoom room, SharedTime time,
        ServiceIdentity identity, CancellationToken cancellationToken)
    {
        var kind = RequestBody.Kind(http.Request);
        if (kind is not (BodyKind.Json or BodyKind.Lines or BodyKind.CloudEventBatch))
        {
            return UnsupportedType("application/json, application/x-ndjson or application/cloudevents-batch+json");
        }
        List<int?> lines;
        List<EnvelopeReading> readings;
        using (var body = await RequestBody.ReadAsync(http.Request, EventLimits.BatchBytes, room, cancellationToken))
        {
            if (body.Outcome is not BodyOutcome.Read)
            {
                return Refuse(body.Outcome, $"A batch is at most {EventLimits.BatchBytes / 1024 / 1024} MB.");
            }
            // A body that is no array at all throws, and is answered as the bad JSON it is.
            var parts = kind is BodyKind.Lines
                ? BatchSplitter.Lines(body.Bytes, EventLimits.BatchEvents)
                : BatchSplitter.Elements(body.Bytes, EventLimits.BatchEvents);
            if (parts.Count is 0 or > EventLimits.BatchEvents)
            {
                return Problems.BadRequest(
                    $"A batch holds 1 to {EventLimits.BatchEvents} events; this one holds {(parts.Count == 0 ? "none" : "more")}.");
            }
            var arrival = Arrive(http, caller, time, identity);
            List<EnvelopeReading> Read(SchemaSet known) =>
                parts.ConvertAll(part => EnvelopeReader.Read(part.Json, arrival, known, kind is BodyKind.CloudEventBatch));
            readings = Read(schemas.Current);
            readings = readings.Exists(reading => reading.IsOfUnknownType) ? Read(await schemas.RefreshAsync(cancellationToken)) : readings;
            lines = parts.ConvertAll(part => part.Line);
        }

        EventDraft[] drafts = [.. readings.Where(reading => reading.IsValid).Select(reading => reading.Draft!)];
        if (commit.TrySubmit(drafts) is not { } submitted)
        {
            return Full();
        }
        try
        {
            return TypedResults.Ok(BatchAnswer.Of(lines, readings, await submitted));
        }
        catch (StorageUnavailableException away)
        {
            return Problems.Unavailable(away.Message, GroupCommit.RetryAfter);
        }
    }

    private static Arrival Arrive(HttpContext http, Caller caller, SharedTime time, ServiceIdentity identity) => new(time.Now, Origin.Http)
    {
        CallerTenant = caller.TenantId,
        TraceId = Activity.Current?.TraceId.ToString(),
        ClientIp = http.Connection.RemoteIpAddress?.ToString(),
        // What the Command Center says itself does not come this way: whoever has its name here is somebody else, and is not believed like it.
        Publisher = caller.Name == identity.Resource ? $"{caller.Name} (over HTTP)" : caller.Name,
    };

    private static ProblemHttpResult Refuse(BodyOutcome outcome, string bound) => outcome is BodyOutcome.TooLarge
        ? Problems.TooLarge(bound)
        : Problems.Unavailable("Too much is being read at once; try again shortly.", GroupCommit.RetryAfter);

    private static ProblemHttpResult Refuse(EnvelopeReading reading) => reading.Status switch
    {
        403 => Problems.Forbidden("tenant_id is not the caller's tenant."),
        413 => Problems.TooLarge(reading.Detail),
        _ => Problems.Validation(reading.Errors),
    };

    private static ProblemHttpResult Full() =>
        Problems.Unavailable("More events wait than the storage takes; try again shortly.", GroupCommit.RetryAfter);

    private static ProblemHttpResult UnsupportedType(string wanted) =>
        TypedResults.Problem($"The body must be {wanted}.", statusCode: 415);
}
