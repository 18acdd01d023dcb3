using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Streaming;

internal static class StreamApi
{
    /// <summary>Each holds a connection and a queue; beyond it a caller is told to come back.</summary>
    private const int MostSubscribers = 10_000;

    public static void MapStreaming(this RouteGroupBuilder events) =>
        events.MapGet("/stream", StreamAsync).RequireAuthorization(Policies.ReadEvents)
            .WithName("EventStream").WithSummary("What is committed, as server-sent events; resumes by Last-Event-ID.")
            .Produces<string>(200, "text/event-stream").ProducesProblem(503);

    private static async Task<IResult> StreamAsync(
        HttpContext http, Caller caller, EventFeed feed, EventReader log, SchemaRegistry schemas, IHostApplicationLifetime lifetime,
        ILogger<EventFeed> logger,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        [FromQuery(Name = "event_type")] string? eventType,
        [FromQuery(Name = "severity")] string? severity,
        [FromQuery(Name = "source")] string? source,
        [FromQuery(Name = "tenant_id")] string? tenantId,
        CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var filter = new EventFilter
        {
            EventTypes = check.EventTypes(eventType, schemas.Current),
            Severities = check.Severities(severity),
            Source = check.Text("source", source),
        };
        var asked = check.Text("tenant_id", tenantId);
        if (!TryParse(lastEventId, out var resumeAfter))
        {
            return Problems.Validation([.. check.Errors, new("Last-Event-ID", "must be the id of an event on this stream")]);
        }
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        if (!caller.TryNarrow(asked, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        if (feed.Subscribers >= MostSubscribers)
        {
            return Problems.Unavailable("As many listen to the stream as it serves.", TimeSpan.FromSeconds(10));
        }

        // An open stream must not hold up the end of the service.
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        long head;
        try
        {
            head = await log.HeadAsync(ends.Token);
        }
        catch (NpgsqlException)
        {
            return Problems.Unavailable("The event storage does not answer.", TimeSpan.FromSeconds(1));
        }
        if (resumeAfter > head)
        {
            return Problems.Validation([new("Last-Event-ID", $"is ahead of the newest event, {head}: it is of another stream")]);
        }

        try
        {
            await WriteAsync(http, resumeAfter ?? head, filter with { TenantId = tenant }, feed, log, ends.Token);
        }
        catch (OperationCanceledException)
        {
            // The reader left, or the service is stopping: a stream has no other end.
        }
        catch (NpgsqlException failure)
        {
            // The status went out long ago. The reader comes back by its last id.
            Log.StreamFailed(logger, failure);
            http.Abort();
        }
        return Results.Empty;
    }

    private static async Task WriteAsync(
        HttpContext http, long position, EventFilter filter, EventFeed feed, IEventLog log, CancellationToken cancellationToken)
    {
        var response = http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.BodyWriter.WriteAsync(Frame.Opening(position), cancellationToken);

        // A reader that does not read holds its writes: only the end of its connection frees them.
        var subscriber = new Subscriber(filter, new ResponseSink(response.BodyWriter), http.Abort);
        try
        {
            await Resuming.RunAsync(position, filter, subscriber, log, feed, cancellationToken);
        }
        finally
        {
            feed.Leave(subscriber);
            await subscriber.CloseAsync();
        }
    }

    private sealed class ResponseSink(PipeWriter body) : IFrameSink
    {
        public void Write(ReadOnlySpan<byte> bytes) => body.Write(bytes);

        public ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            var flush = body.FlushAsync(cancellationToken);
            if (!flush.IsCompletedSuccessfully)
            {
                return new(flush.AsTask());
            }
            // A reader who is gone is told of by its request, and not here.
            _ = flush.Result;
            return default;
        }

        public void GiveUp() => body.CancelPendingFlush();
    }

    /// <summary>Absent is no id; anything but a number that can have been given out is a wrong one.</summary>
    private static bool TryParse(string? text, out long? id)
    {
        id = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }
        var parsed = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        id = number;
        return parsed;
    }
}
