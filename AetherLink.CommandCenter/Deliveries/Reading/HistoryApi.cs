using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Deliveries.Reading;

/// <summary>What the history may be asked.</summary>
internal sealed record HistoryQuery
{
    [FromQuery(Name = "tenant_id")]
    public string? TenantId { get; init; }

    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    [FromQuery(Name = "triage")]
    public string? Triage { get; init; }

    [FromQuery(Name = "endpoint_id")]
    public Guid? EndpointId { get; init; }

    [FromQuery(Name = "event_type")]
    public string? EventType { get; init; }

    [FromQuery(Name = "start_time")]
    public DateTimeOffset? StartTime { get; init; }

    [FromQuery(Name = "end_time")]
    public DateTimeOffset? EndTime { get; init; }

    [FromQuery(Name = "skip")]
    public int? Skip { get; init; }

    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }
}

internal static class HistoryApi
{
    private const int DefaultPage = 50;
    private const int LargestPage = 200;

    public static void MapHistory(this RouteGroupBuilder deliveries)
    {
        deliveries.MapGet("/history", HistoryAsync).WithName("DeliveryHistory").WithSummary("Deliveries, newest first, by filter and page.");
        deliveries.MapGet("/stats", StatsAsync).WithName("DeliveryStats").WithSummary("The queue and the last day in figures.");
        deliveries.MapGet("/{id:guid}", GetAsync).WithName("Delivery").WithSummary("A delivery with all of its attempts.").ProducesProblem(404);
    }

    private static async Task<Results<Ok<DeliveryPage>, ProblemHttpResult>> HistoryAsync(
        [AsParameters] HistoryQuery query, Caller caller, DeliveryReader reader, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var errors = new List<FieldError>();
        var (skip, limit) = (query.Skip ?? 0, query.Limit ?? DefaultPage);
        if (skip is < 0 or > DeliveryReader.MostCounted)
        {
            errors.Add(new("skip", $"must be 0 to {DeliveryReader.MostCounted}"));
        }
        check.Range("limit", limit, LargestPage);
        var filter = Filter(query.Status, query.Triage, errors) with
        {
            EndpointId = query.EndpointId,
            EventType = check.Text("event_type", query.EventType),
            StartTime = query.StartTime,
            EndTime = query.EndTime,
        };
        var asked = check.Text("tenant_id", query.TenantId);
        return await QueryApi.AnswerAsync(
            [.. check.Errors, .. errors], caller, asked, tenant => reader.PageAsync(filter with { TenantId = tenant }, skip, limit, cancellationToken));
    }

    /// <summary>The parts of a filter that have names.</summary>
    internal static DeliveryFilter Filter(string? status, string? triage, List<FieldError> errors)
    {
        var filter = new DeliveryFilter();
        if (!string.IsNullOrEmpty(status))
        {
            if (!DeliveryStatuses.TryParse(status, out var parsed))
            {
                errors.Add(new("status", $"must be {DeliveryStatuses.Listed}"));
            }
            filter = filter with { Status = parsed };
        }
        if (!string.IsNullOrEmpty(triage))
        {
            if (!Scheduling.Triage.TryParse(triage, out var parsed))
            {
                errors.Add(new("triage", $"must be {Scheduling.Triage.Listed}"));
            }
            filter = filter with { Triage = parsed };
        }
        return filter;
    }

    private static async Task<Results<Ok<DeliveryStats>, ProblemHttpResult>> StatsAsync(
        [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, DeliveryStatsReader reader, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var asked = check.Text("tenant_id", tenantId);
        return await QueryApi.AnswerAsync(check.Errors, caller, asked, tenant => reader.ReadAsync(tenant, cancellationToken));
    }

    private static async Task<Results<Ok<DeliveryDetail>, ProblemHttpResult>> GetAsync(
        Guid id, Caller caller, DeliveryReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, caller.TenantId, cancellationToken) is { } delivery
            ? TypedResults.Ok(delivery)
            : Problems.NotFound($"Delivery '{id}' not found");
}
