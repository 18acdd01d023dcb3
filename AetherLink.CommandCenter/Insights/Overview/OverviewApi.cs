using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.CommandCenter.Insights.Overview;

internal static class OverviewApi
{
    public static void MapOverview(this WebApplication app)
    {
        var operators = app.MapGroup("/operator-insights").WithTags("insights").RequireAuthorization(Policies.ViewOps).ProducesProblem(503);
        operators.MapGet("/summary", SummaryAsync).WithName("OperatorSummary")
            .WithSummary("What failed most in the last hours: endpoints, tenants, by what it was taken for; and what replays came to.");
        operators.MapGet("/trends", TrendsAsync).WithName("OperatorTrends").WithSummary("The last hours, hour by hour, beside as many before them.");
    }

    private static Task<Results<Ok<OperatorSummary>, ProblemHttpResult>> SummaryAsync(
        [AsParameters] SpanQuery query, Caller caller, SummaryReader reader, TimeProvider clock, CancellationToken cancellationToken) =>
        AnswerAsync(query, caller, clock, (tenant, first, hours) => reader.ReadAsync(tenant, first, hours, cancellationToken));

    private static Task<Results<Ok<OperatorTrends>, ProblemHttpResult>> TrendsAsync(
        [AsParameters] SpanQuery query, Caller caller, TrendsReader reader, TimeProvider clock, CancellationToken cancellationToken) =>
        AnswerAsync(query, caller, clock, (tenant, first, hours) => reader.ReadAsync(tenant, first, hours, cancellationToken));

    private static Task<Results<Ok<T>, ProblemHttpResult>> AnswerAsync<T>(
        SpanQuery query, Caller caller, TimeProvider clock, Func<string?, DateTimeOffset, int, Task<T>> read)
    {
        var check = new QueryCheck();
        var (hours, asked) = query.Check(check);
        // The hour that has begun is the last.
        return QueryApi.AnswerAsync(check.Errors, caller, asked, tenant => read(tenant, StatsReader.HourOf(clock.GetUtcNow()).AddHours(1 - hours), hours));
    }
}
