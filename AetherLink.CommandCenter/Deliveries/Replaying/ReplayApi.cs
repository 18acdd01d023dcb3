using System.ComponentModel;
using AetherLink.CommandCenter.Deliveries.Reading;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Deliveries.Replaying;

internal sealed record Replayed(string Status, Guid NewId, Guid OriginalId);

/// <summary>Which deliveries are to be sent again: ids, or a filter.</summary>
internal sealed record BulkReplayBody
{
    [Description("At most 10,000.")]
    public IReadOnlyList<Guid>? Ids { get; init; }

    public BulkReplayFilter? Filter { get; init; }

    [Description("Only counts.")]
    public bool DryRun { get; init; }
}

internal sealed record BulkReplayFilter
{
    [Description("pending, failed, success or dead_letter; dead_letter, if absent.")]
    public string? Status { get; init; }

    [Description("rate_limited, transient_endpoint_down, permanent_4xx or unknown.")]
    public string? Triage { get; init; }

    public string? TenantId { get; init; }

    public Guid? EndpointId { get; init; }

    public string? EventType { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }
}

/// <summary>What a bulk replay found, and its job, unless it was only to count.</summary>
internal sealed record BulkReplay(string Status, bool DryRun, int Matched, IReadOnlyDictionary<string, int> ByTriage, ReplayJob? Job);

internal static class ReplayApi
{
    public const string KeyHeader = "Idempotency-Key";

    private const int LongestKey = 128;
    private const int MostIds = 10_000;

    public static void MapReplaying(this RouteGroupBuilder deliveries)
    {
        deliveries.MapPost("/{id:guid}/replay", ReplayAsync).WithName("ReplayDelivery").WithSummary("Sends a delivery again, as a new one.")
            .ProducesProblem(404).ProducesProblem(409);
        deliveries.MapPost("/replay", BulkAsync).WithName("ReplayDeliveries").WithSummary("Sends many again, or counts them.");
        deliveries.MapGet("/replays/{id:guid}", JobAsync).WithName("ReplayJob").WithSummary("A bulk replay's progress.").ProducesProblem(404);
    }

    private static async Task<Results<Ok<Replayed>, ProblemHttpResult>> ReplayAsync(
        Guid id, [FromHeader(Name = KeyHeader)] string? key, Caller caller, Replaying replaying, CancellationToken cancellationToken)
    {
        if (WrongKey(key) is { } wrong)
        {
            return Problems.Validation([wrong]);
        }
        return await replaying.ReplayAsync(id, caller.TenantId, caller.Name, Key(key), cancellationToken) switch
        {
            ReplayResult.Replayed replayed => TypedResults.Ok(new Replayed("replayed", replayed.NewId, id)),
            ReplayResult.Refused refused => Problems.Conflict(refused.Why),
            _ => Problems.NotFound($"Delivery '{id}' not found"),
        };
    }

    private static async Task<Results<Ok<BulkReplay>, Accepted<BulkReplay>, ProblemHttpResult>> BulkAsync(
        BulkReplayBody body, [FromHeader(Name = KeyHeader)] string? key, Caller caller, ReplayJobs jobs, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var errors = new List<FieldError>();
        if ((body.Ids is null) == (body.Filter is null))
        {
            errors.Add(new("ids", "either ids or a filter must be given"));
        }
        if (body.Ids is { Count: 0 or > MostIds })
        {
            errors.Add(new("ids", $"must be 1 to {MostIds} ids"));
        }
        if (WrongKey(key) is { } wrong)
        {
            errors.Add(wrong);
        }
        var filter = Filter(body, check, errors);
        if (check.Errors.Count + errors.Count > 0)
        {
            return Problems.Validation([.. check.Errors, .. errors]);
        }
        if (!caller.TryNarrow(body.Filter?.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        var wish = new ReplayWish(body.Ids is null ? null : [.. body.Ids], filter with { TenantId = tenant });
        var counts = await jobs.CountAsync(wish, cancellationToken);
        var matched = counts.Values.Sum();
        if (matched > ReplayJobs.Most)
        {
            return Problems.Validation([new("filter", $"matches more than {ReplayJobs.Most} deliveries: narrow it")]);
        }
        if (body.DryRun)
        {
            return TypedResults.Ok(new BulkReplay("ok", DryRun: true, matched, counts, null));
        }
        var job = await jobs.StartAsync(wish, matched, caller.Name, Key(key), cancellationToken);
        return TypedResults.Accepted($"/alerts/deliveries/replays/{job.Id}", new BulkReplay("accepted", DryRun: false, job.Total, counts, job));
    }

    private static async Task<Results<Ok<ReplayJob>, ProblemHttpResult>> JobAsync(
        Guid id, Caller caller, ReplayJobs jobs, CancellationToken cancellationToken) =>
        await jobs.FindAsync(id, caller.TenantId, cancellationToken) is { } job
            ? TypedResults.Ok(job)
            : Problems.NotFound($"Replay '{id}' not found");

    private static DeliveryFilter Filter(BulkReplayBody body, QueryCheck check, List<FieldError> errors)
    {
        if (body.Filter is not { } asked)
        {
            return new();
        }
        check.Text("tenant_id", asked.TenantId);
        var filter = HistoryApi.Filter(asked.Status, asked.Triage, errors);
        return filter with
        {
            Status = filter.Status ?? DeliveryStatus.DeadLetter,
            EndpointId = asked.EndpointId,
            EventType = check.Text("event_type", asked.EventType),
            StartTime = asked.StartTime,
            EndTime = asked.EndTime,
        };
    }

    private static string? Key(string? key) => string.IsNullOrEmpty(key) ? null : key;

    private static FieldError? WrongKey(string? key) =>
        key is { Length: > LongestKey } || key?.Any(char.IsControl) is true
            ? new(KeyHeader, $"must be at most {LongestKey} characters, without control characters")
            : null;
}
