using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Providers;
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
        int? hours, [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, UsageLedger ledger, ProviderChains chains, IServiceProvider services,
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
            var sums = store is null ? new() : await store.ReadAsync(tenant, since, MostTenants, cancellationToken);
            foreach (var (key, sum) in pending) sums.Add(key, sum);
            var limits = chains.Current.Settings.Governance.Budgets;
            IReadOnlyList<BudgetRow> budgets = store is null ? [] : await store.BudgetsAsync(tenant, now, MostTenants, cancellationToken);
            // A day's that is over looks like the month's on its first.
            return TypedResults.Ok(Report(span, sums, [.. budgets
                .Where(row => limits.Of(row.TenantId) is not { } limit || BudgetKey.At(row.TenantId, default, limit.Period, now).Start == row.PeriodStart)
                .Select(BudgetStatus.Of)]));
        }
        catch (Exception absence) when (absence is NpgsqlException or TimeoutException)
        {
            return Problems.Unavailable("Postgres, which keeps the usage, cannot be reached. Calls go on.", RetryAfter);
        }
    }

    private static UsageReport Report(int hours, UsageSums sums, IReadOnlyList<BudgetStatus> budgets) => new(
        "ok", hours, UsageFigures.Of(sums.Total), Figures(sums.Tenants(MostTenants)), Figures(sums.ByProvider.Where(one => one.Key.Length > 0)),
        Figures(sums.ByIntent), [.. sums.ByHour.Select(hour => new UsageHour(hour.Key, UsageFigures.Of(hour.Value)))], budgets);

    private static Dictionary<string, UsageFigures> Figures(IEnumerable<KeyValuePair<string, UsageSum>> sums) => sums
        .OrderByDescending(one => one.Value.Calls).ThenBy(one => one.Key, StringComparer.Ordinal)
        .ToDictionary(one => one.Key, one => UsageFigures.Of(one.Value), StringComparer.Ordinal);
}
