using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Insights.Overview;

internal static class OverviewApi
{
    private const int DefaultHours = 24;
    private const int MostHours = 24 * 31;

    public static void MapOverview(this WebApplication app)
    {
        var operators = app.MapGroup("/operator-insights").WithTags("insights").RequireAuthorization(Policies.ViewOps).ProducesProblem(503);
        operators.MapGet("/summary", SummaryAsync).WithName("OperatorSummary")
            .WithSummary("What failed most in the last hours: endpoints, tenants, by what it was taken for; and what replays came to.");
        operators.MapGet("/trends", TrendsAsync).WithName("OperatorTrends").WithSummary("The last hours, hour by hour, beside as many before them.");
    }

    private static async Task<Results<Ok<OperatorSummary>, ProblemHttpResult>> SummaryAsync(
        int? hours, [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, SummaryReader reader, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (wrong, span, asked) = Check(hours, tenantId);
        if (wrong is not null)
        {
            return wrong;
        }
        return caller.TryNarrow(asked, out var tenant)
            ? TypedResults.Ok(await reader.ReadAsync(tenant, First(clock, span), span, cancellationToken))
            : QueryApi.ForeignTenant();
    }

    private static async Task<Results<Ok<OperatorTrends>, ProblemHttpResult>> TrendsAsync(
        int? hours, [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, TrendsReader reader, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (wrong, span, asked) = Check(hours, tenantId);
        if (wrong is not null)
        {
            return wrong;
        }
        return caller.TryNarrow(asked, out var tenant)
            ? TypedResults.Ok(await reader.ReadAsync(tenant, First(clock, span), span, cancellationToken))
            : QueryApi.ForeignTenant();
    }

    /// <summary>The hour that has begun is the last.</summary>
    private static DateTimeOffset First(TimeProvider clock, int hours) => StatsReader.HourOf(clock.GetUtcNow()).AddHours(1 - hours);

    private static (ProblemHttpResult? Wrong, int Hours, string? TenantId) Check(int? hours, string? tenantId)
    {
        var check = new QueryCheck();
        var (span, asked) = (check.Range("hours", hours ?? DefaultHours, MostHours), check.Text("tenant_id", tenantId));
        return (check.Errors.Count > 0 ? Problems.Validation(check.Errors) : null, span, asked);
    }
}
