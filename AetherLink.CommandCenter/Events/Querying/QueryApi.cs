using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Events.Querying;

internal static class QueryApi
{
    /// <summary>Retention may be longer; nobody reads a year in one answer.</summary>
    private const int MostHours = 24 * 366;

    private const int MostDays = 366;

    /// <summary>What a list says of its pages, when one question looks no longer than its time.</summary>
    internal const string PageOfAWalk =
        "A page may hold fewer than were asked for, even none: that is how far one question looks in its time. next_cursor goes on from there, and only null is the end.";

    public static void MapQuerying(this RouteGroupBuilder events)
    {
        events.MapGet("/recent", RecentAsync).RequireAuthorization(Policies.ReadEvents)
            .WithName("RecentEvents").WithSummary("The newest events first, by filter and page.")
            .WithDescription(PageOfAWalk);
        events.MapGet("/audit", AuditAsync).RequireAuthorization(Policies.ReadEvents)
            .WithName("EventAudit").WithSummary("The event history of the last days.")
            .WithDescription(PageOfAWalk);
        events.MapGet("/stats", StatsAsync).RequireAuthorization(Policies.ReadEvents)
            .WithName("EventStats").WithSummary("How many, by severity, type and hour.");
    }

    internal static async Task<Results<Ok<EventPage>, ProblemHttpResult>> RecentAsync(
        [AsParameters] RecentQuery query, Caller caller, RecentEvents recent, SchemaRegistry schemas, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (limit, before) = (check.Limit(query.Limit), check.Before(query.Cursor));
        var filter = new EventFilter
        {
            EventTypes = check.EventTypes(query.EventType, schemas.Current),
            Severities = check.Severities(query.Severity),
            Source = check.Text("source", query.Source),
            TraceId = check.Text("trace_id", query.TraceId)?.ToLowerInvariant(),
            Text = check.Text("text", query.Text),
            Since = query.Since,
            Until = query.Until,
        };
        var asked = check.Text("tenant_id", query.TenantId);
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        return caller.TryNarrow(asked, out var tenant)
            ? TypedResults.Ok(await recent.PageAsync(before, filter with { TenantId = tenant }, limit, cancellationToken))
            : ForeignTenant();
    }

    private static async Task<Results<Ok<EventPage>, ProblemHttpResult>> AuditAsync(
        int? days, int? limit, string? cursor, Caller caller, RecentEvents recent, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (since, page, before) = (check.Range("days", days ?? 7, MostDays), check.Limit(limit), check.Before(cursor));
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        var filter = new EventFilter { TenantId = caller.TenantId, Since = clock.GetUtcNow().AddDays(-since) };
        return TypedResults.Ok(await recent.PageAsync(before, filter, page, cancellationToken));
    }

    private static async Task<Results<Ok<EventStats>, ProblemHttpResult>> StatsAsync(
        int? hours, [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, StatsReader reader,
        CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var span = check.Range("hours", hours ?? 24, MostHours);
        var asked = check.Text("tenant_id", tenantId);
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        return caller.TryNarrow(asked, out var tenant)
            ? TypedResults.Ok(await reader.ReadAsync(tenant, span, cancellationToken))
            : ForeignTenant();
    }

    /// <summary>What every reading handler does when it has looked at what it was asked: it names all that is wrong, keeps to the caller's tenant, and answers.</summary>
    internal static async Task<Results<Ok<T>, ProblemHttpResult>> AnswerAsync<T>(
        IReadOnlyList<FieldError> errors, Caller caller, string? asked, Func<string?, Task<T>> read)
    {
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }
        return caller.TryNarrow(asked, out var tenant) ? TypedResults.Ok(await read(tenant)) : ForeignTenant();
    }

    internal static ProblemHttpResult ForeignTenant() => Problems.Forbidden("tenant_id is not the caller's tenant.");
}
