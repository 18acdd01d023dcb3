using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Operators;

/// <summary>What the audit may be asked.</summary>
internal sealed record AuditQuery
{
    [FromQuery(Name = "actor")]
    public string? Actor { get; init; }

    [FromQuery(Name = "action")]
    public string? Action { get; init; }

    [FromQuery(Name = "target")]
    public string? Target { get; init; }

    [FromQuery(Name = "tenant_id")]
    public string? TenantId { get; init; }

    [FromQuery(Name = "since")]
    public DateTimeOffset? Since { get; init; }

    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }
}

internal static class AuditApi
{
    private const int DefaultHours = 24 * 7;
    private const int MostHours = 24 * 366;
    private const int MostActors = 100;

    /// <summary>Of a verification that is under way; most are over by then.</summary>
    private static readonly TimeSpan AfterAnothers = TimeSpan.FromSeconds(5);

    public static void MapOperators(this WebApplication app)
    {
        var audit = app.MapGroup("/audit/operator").WithTags("audit").RequireAuthorization(Policies.ViewOps).ProducesProblem(503);
        audit.MapGet("", ListAsync).WithName("OperatorAudit").WithSummary("Who changed what, newest first.");
        audit.MapGet("/stats", StatsAsync).WithName("OperatorAuditStats").WithSummary("Changes by what was done, and by whom.");
        audit.MapGet("/verify", VerifyAsync).WithName("VerifyOperatorAudit")
            .WithSummary("Whether an entry was changed or removed; names the first link that does not hold.");
    }

    private static async Task<Results<Ok<AuditPage>, ProblemHttpResult>> ListAsync(
        [AsParameters] AuditQuery query, Caller caller, AuditReader reader, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (limit, before) = (check.Limit(query.Limit), check.Before(query.Cursor));
        var filter = new AuditFilter(
            check.Text("actor", query.Actor), check.Text("action", query.Action), check.Text("target", query.Target),
            check.Text("tenant_id", query.TenantId), query.Since, query.Until);
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        if (!caller.TryNarrow(filter.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        var rows = await reader.ListAsync(filter with { TenantId = tenant }, before, limit + 1, cancellationToken);
        var page = rows.Take(limit).ToList();
        return TypedResults.Ok(new AuditPage(
            "ok", page.Count, rows.Count > limit ? new Cursor(page[^1].Seq).ToString() : null, [.. page.Select(AuditView.Of)]));
    }

    private static async Task<Results<Ok<AuditStatsAnswer>, ProblemHttpResult>> StatsAsync(
        int? hours, [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, AuditReader reader, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (span, asked) = (check.Range("hours", hours ?? DefaultHours, MostHours), check.Text("tenant_id", tenantId));
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        return caller.TryNarrow(asked, out var tenant)
            ? TypedResults.Ok(await reader.CountAsync(
                tenant, clock.GetUtcNow().AddHours(-span), span, MostActors, cancellationToken))
            : QueryApi.ForeignTenant();
    }

    private static async Task<Results<Ok<AuditVerification>, ProblemHttpResult>> VerifyAsync(AuditReader reader, CancellationToken cancellationToken) =>
        await reader.VerifyAsync(cancellationToken) is { } verification
            ? TypedResults.Ok(verification)
            : Problems.TooMany("The audit is being verified already, by somebody else.", AfterAnothers);
}
