using AetherLink.CommandCenter.Alerts;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Failures;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Insights.Replays;

/// <summary>What the recommendations may be asked.</summary>
internal sealed record ReplaysQuery
{
    [FromQuery(Name = "tenant_id")]
    public string? TenantId { get; init; }

    [FromQuery(Name = "hours")]
    public int? Hours { get; init; }

    [FromQuery(Name = "recommendation")]
    public string? Recommendation { get; init; }

    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }
}

internal static class ReplaysApi
{
    /// <summary>What is safe is not older.</summary>
    private const int DefaultHours = 72;

    private static readonly Dictionary<string, Recommendation> Names = new(StringComparer.Ordinal)
    {
        ["retry_now"] = Recommendation.RetryNow,
        ["wait_until"] = Recommendation.WaitUntil,
        ["fix"] = Recommendation.Fix,
        ["ask"] = Recommendation.Ask,
    };

    public static void MapReplays(this RouteGroupBuilder insights) =>
        insights.MapGet("/replay-recommendations", ListAsync).WithName("ReplayRecommendations")
            .WithSummary("Which failed deliveries are safe to send again, and why; with a recommendation, those that need something else first.")
            .WithDescription(QueryApi.PageOfAWalk);

    private static Task<Results<Ok<ReplayRecommendations>, ProblemHttpResult>> ListAsync(
        [AsParameters] ReplaysQuery query, Caller caller, ReplayCandidates candidates, TimeProvider clock, CancellationToken cancellationToken)
    {
        var check = new AlertsCheck();
        var (span, limit, before) = (
            check.Range("hours", query.Hours ?? DefaultHours, SpanQuery.MostHours), check.Limit(query.Limit), check.BeforeId(query.Cursor));
        var asked = check.Words("recommendation", query.Recommendation, [.. Names.Keys]);
        var tenantId = check.Text("tenant_id", query.TenantId);
        return QueryApi.AnswerAsync(check.Errors, caller, tenantId, tenant =>
        {
            Recommendation[] wanted = asked.Length == 0 ? [Recommendation.RetryNow] : [.. asked.Select(name => Names[name])];
            return new ReplayWalk(candidates).PageAsync(wanted, before, tenant, clock.GetUtcNow().AddHours(-span), limit, cancellationToken);
        });
    }
}
