using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.CommandCenter.Insights.Tenants;

internal static class TenantsApi
{
    public static void MapTenants(this WebApplication app)
    {
        var tenants = app.MapGroup("").WithTags("insights").RequireAuthorization(Policies.ViewOps).ProducesProblem(503);
        tenants.MapGet("/tenant_analytics/summary", SummaryAsync).WithName("TenantAnalytics")
            .WithSummary("How each tenant fared in the last hours, with a health score and its terms.");
        tenants.MapGet("/tenant-analytics/summary", SummaryAsync).WithName("TenantAnalyticsWithDash").WithSummary("As /tenant_analytics/summary.");
    }

    private static async Task<Results<Ok<TenantSummary>, ProblemHttpResult>> SummaryAsync(
        [AsParameters] SpanQuery query, int? limit, string? cursor, Caller caller, TenantReader reader, TimeProvider clock, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var ((hours, asked), most, after) = (query.Check(check), check.Limit(limit), check.After(cursor));
        return await QueryApi.AnswerAsync(check.Errors, caller, asked, async tenant =>
        {
            var rows = await reader.ReadAsync(after, tenant, clock.GetUtcNow().AddHours(-hours), most + 1, cancellationToken);
            var page = rows.Take(most).ToList();
            var next = rows.Count > most ? NameCursor.Of(page[^1].TenantId) : null;
            return new TenantSummary("ok", hours, page.Count, next, page);
        });
    }
}
