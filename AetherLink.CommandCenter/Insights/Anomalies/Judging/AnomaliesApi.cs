using AetherLink.CommandCenter.Alerts;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Insights.Anomalies.Judging;

/// <summary>What a list of anomalies may be asked.</summary>
internal sealed record AnomalyQuery
{
    [FromQuery(Name = "tenant_id")]
    public string? TenantId { get; init; }

    [FromQuery(Name = "series")]
    public string? Series { get; init; }

    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [FromQuery(Name = "severity")]
    public string? Severity { get; init; }

    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }
}

internal static class AnomaliesApi
{
    private const int DefaultHours = 24;
    private const int MostHours = 24 * 366;

    public static void MapListing(this RouteGroupBuilder anomalies)
    {
        anomalies.MapGet("/current", CurrentAsync).WithName("CurrentAnomalies").WithSummary("What is unusual now, newest first.");
        anomalies.MapGet("/history", HistoryAsync).WithName("AnomalyHistory").WithSummary("The anomalies that began in the last hours, newest first.");
        anomalies.MapGet("/stats", StatsAsync).WithName("AnomalyStats").WithSummary("The last hours in figures, with what people have said of them.");
        anomalies.MapGet("/{id:guid}", FindAsync).WithName("Anomaly").WithSummary("An anomaly with its group and the points of its series.")
            .ProducesProblem(404);
    }

    private static async Task<Results<Ok<CurrentAnomalies>, ProblemHttpResult>> CurrentAsync(
        [AsParameters] AnomalyQuery query, Caller caller, AnomalyReader reader, CancellationToken cancellationToken)
    {
        var check = new AlertsCheck();
        var (limit, before, filter) = Read(query, check);
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        if (!caller.TryNarrow(filter.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        filter = filter with { TenantId = tenant, IsCurrent = true };
        var (page, next) = Page(await reader.ListAsync(filter, before, limit + 1, cancellationToken), limit);
        var (summary, upTo) = await reader.CurrentAsync(filter, cancellationToken);
        return TypedResults.Ok(new CurrentAnomalies(page, summary, upTo, next));
    }

    private static async Task<Results<Ok<AnomalyHistory>, ProblemHttpResult>> HistoryAsync(
        int? hours, [AsParameters] AnomalyQuery query, Caller caller, AnomalyReader reader, TimeProvider clock, CancellationToken cancellationToken)
    {
        var check = new AlertsCheck();
        var span = check.Range("hours", hours ?? DefaultHours, MostHours);
        var (limit, before, filter) = Read(query, check);
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        if (!caller.TryNarrow(filter.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        filter = filter with { TenantId = tenant, Since = clock.GetUtcNow().AddHours(-span) };
        var (page, next) = Page(await reader.ListAsync(filter, before, limit + 1, cancellationToken), limit);
        return TypedResults.Ok(new AnomalyHistory("ok", span, page.Count, next, page));
    }

    private static async Task<Results<Ok<AnomalyStats>, ProblemHttpResult>> StatsAsync(
        int? hours, [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, AnomalyReader reader, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (span, asked) = (check.Range("hours", hours ?? DefaultHours, MostHours), check.Text("tenant_id", tenantId));
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        return caller.TryNarrow(asked, out var tenant)
            ? TypedResults.Ok(await reader.StatsAsync(tenant, clock.GetUtcNow().AddHours(-span), span, cancellationToken))
            : QueryApi.ForeignTenant();
    }

    private static async Task<Results<Ok<AnomalyDetail>, ProblemHttpResult>> FindAsync(
        Guid id, Caller caller, AnomalyReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, caller.TenantId, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : Problems.NotFound($"Anomaly '{id}' not found");

    private static (int Limit, long Before, AnomalyFilter Filter) Read(AnomalyQuery query, AlertsCheck check) => (
        check.Limit(query.Limit),
        check.Before(query.Cursor),
        new(
            check.Text("tenant_id", query.TenantId), check.Text("series", query.Series),
            [.. check.Words("state", query.State, AnomalyStates.All).Select(AnomalyStates.Parse).OfType<Living.AnomalyState>()],
            check.Severities(query.Severity)));

    private static (IReadOnlyList<Incident> Page, string? Next) Page(IReadOnlyList<Incident> rows, int limit) => rows.Count > limit
        ? ([.. rows.Take(limit)], new Cursor(rows[limit - 1].Sequence).ToString())
        : (rows, null);
}
