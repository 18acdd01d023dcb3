using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace AetherLink.Orchestrator.Governance.Usage;

/// <summary>What was used in the last full or begun hours, and how the budgets stand. Figures are some seconds old.</summary>
internal sealed record UsageReport(
    string Status, int Hours, UsageFigures Total, IReadOnlyDictionary<string, UsageFigures> ByTenant,
    IReadOnlyDictionary<string, UsageFigures> ByProvider, IReadOnlyDictionary<string, UsageFigures> ByIntent,
    IReadOnlyList<UsageHour> ByHour, IReadOnlyList<BudgetStatus> Budgets);

/// <summary>Calls, and what they took.</summary>
internal sealed record UsageFigures(
    long Calls, long Succeeded, long Cached, long Rejected, long InputTokens, long OutputTokens, double CostUsd)
{
    public static UsageFigures Of(UsageSum sum) => new(
        sum.Calls, sum.Succeeded, sum.Cached, sum.Rejected, sum.InputTokens, sum.OutputTokens, sum.CostNanoUsd / 1e9);
}

/// <summary>One hour's figures.</summary>
internal sealed record UsageHour(DateTimeOffset Hour, UsageFigures Figures);

/// <summary>A budget: in US dollars or in tokens. What is leased and not spent is in the hands of replicas.</summary>
internal sealed record BudgetStatus(string TenantId, string Unit, DateTimeOffset PeriodStart, double Limit, double Spent, double Leased)
{
    public static BudgetStatus Of(BudgetRow row)
    {
        var scale = row.Unit == "nano_usd" ? 1e9 : 1;
        return new(
            row.TenantId, row.Unit == "nano_usd" ? "usd" : row.Unit, row.PeriodStart, row.Limit / scale, row.Spent / scale,
            Math.Max(0, row.Taken - row.Spent) / scale);
    }
}

/// <summary>GET /usage.</summary>
internal static class UsageApi
{
    /// <summary>A month by the hour is as much as one looks at in one answer.</summary>
    private const int MostHours = 24 * 31;

    /// <summary>Tenants and budgets by their names; beyond so many the rest is one line, or left out.</summary>
    private const int MostTenants = 500;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static void MapUsage(this IEndpointRouteBuilder app) =>
        app.MapGet("/usage", UsageAsync)
            .WithName("Usage").WithSummary("Tokens and cost by tenant, provider, intent and hour, and how the budgets stand.").WithTags("AI")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Policies.ViewOps);

    private static async Task<Results<Ok<UsageReport>, ProblemHttpResult>> UsageAsync(
        int? hours, [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, UsageLedger ledger, IServiceProvider services,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var span = hours ?? 24;
        var errors = new List<FieldError>();
        if (span is < 1 or > MostHours) errors.Add(new("hours", $"must be from 1 to {MostHours}"));
        if (tenantId?.Contains('\0', StringComparison.Ordinal) is true) errors.Add(new("tenant_id", "must not hold control characters"));
        if (errors.Count > 0) return Problems.Validation(errors);
        if (!caller.TryNarrow(tenantId, out var tenant)) return Problems.Forbidden("that tenant is not yours");

        var now = clock.GetUtcNow();
        var since = now.AddHours(1 - span).AddTicks(-(now.Ticks % TimeSpan.TicksPerHour));
        var pending = ledger.Peek().Where(row => row.Key.Hour >= since && (tenant is null || row.Key.TenantId == tenant));
        var store = services.GetService<UsageStore>();
        try
        {
            IEnumerable<KeyValuePair<UsageKey, UsageSum>> stored = store is null ? [] : await store.ReadAsync(tenant, since, cancellationToken);
            IReadOnlyList<BudgetRow> budgets = store is null ? [] : await store.BudgetsAsync(tenant, now, MostTenants, cancellationToken);
            return TypedResults.Ok(Report(span, [.. stored, .. pending], [.. budgets.Select(BudgetStatus.Of)]));
        }
        catch (Exception absence) when (absence is NpgsqlException or TimeoutException)
        {
            return Problems.Unavailable("Postgres, which keeps the usage, cannot be reached. Calls go on.", RetryAfter);
        }
    }

    private static UsageReport Report(int hours, IReadOnlyList<KeyValuePair<UsageKey, UsageSum>> rows, IReadOnlyList<BudgetStatus> budgets) => new(
        "ok", hours, UsageFigures.Of(Sum(rows)),
        By(rows, row => row.TenantId), By(rows.Where(row => row.Key.Provider.Length > 0), row => row.Provider), By(rows, row => row.Intent),
        [.. rows.GroupBy(row => row.Key.Hour).OrderBy(hour => hour.Key).Select(hour => new UsageHour(hour.Key, UsageFigures.Of(Sum(hour))))],
        budgets);

    private static Dictionary<string, UsageFigures> By(IEnumerable<KeyValuePair<UsageKey, UsageSum>> rows, Func<UsageKey, string> name)
    {
        var groups = rows.GroupBy(row => name(row.Key), StringComparer.Ordinal)
            .Select(group => (group.Key, Sum: Sum(group))).OrderByDescending(group => group.Sum.Calls).ToList();
        var named = groups.Take(MostTenants).ToDictionary(group => group.Key, group => UsageFigures.Of(group.Sum), StringComparer.Ordinal);
        if (groups.Count > MostTenants)
            named["(others)"] = UsageFigures.Of(groups.Skip(MostTenants).Aggregate(default(UsageSum), (sum, group) => sum + group.Sum));
        return named;
    }

    private static UsageSum Sum(IEnumerable<KeyValuePair<UsageKey, UsageSum>> rows) => rows.Aggregate(default(UsageSum), (sum, row) => sum + row.Value);
}
