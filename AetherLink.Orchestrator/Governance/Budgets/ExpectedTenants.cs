using AetherLink.Orchestrator.Calls;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Settings;

namespace AetherLink.Orchestrator.Governance.Budgets;

/// <summary>
/// Who will call: the tenants that the file names, those that called in this period before this replica was there, and at its end
/// those that call now, in the next one. For them a slice is leased before the first call, so that it does not wait for one.
/// </summary>
internal sealed class ExpectedTenants(TenantBudgets budgets, ProviderChains chains, BudgetJournal journal, TimeProvider clock)
{
    /// <summary>More would take a replica seconds to lease at its start; the others wait for their slice at their first call.</summary>
    private const int MostKnown = 1_000;

    /// <summary>Before a period begins. Calls of its first minute find their slice there.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>Of a text that is long for a message; a longer one waits for its lease.</summary>
    private const long UsualInputTokens = 8_000;

    private bool _knowsPast;

    public async Task ExpectAsync(ILender lender, CancellationToken cancellationToken)
    {
        var settings = chains.Current.Settings;
        var limits = settings.Governance.Budgets;
        var now = clock.GetUtcNow();
        if (limits.Standard is null && limits.Tenants.Count == 0) return;
        var ready = Ready(settings);
        foreach (var (tenant, limit) in limits.Tenants) Expect(tenant, limit, ready, now);

        foreach (var warm in budgets.Accounts.Where(account => account.Key.End - now <= Ahead && account.IsWarm(clock.GetElapsedTime(0))).ToList())
            Expect(warm.Key.TenantId, limits.Of(warm.Key.TenantId), ready, warm.Key.End);

        if (_knowsPast) return;
        // What was leased before a restart, and not spent, is given back or used.
        foreach (var key in journal.Keys.Where(key => key.End > now)) Expect(key.TenantId, limits.Of(key.TenantId), default, now);
        var month = BudgetKey.At("", default, BudgetPeriod.Month, now).Start;
        foreach (var tenant in await lender.KnownAsync(month, MostKnown, cancellationToken)) Expect(tenant, limits.Of(tenant), ready, now);
        _knowsPast = true;
    }

    private void Expect(string tenant, BudgetLimits? limits, Cost ready, DateTimeOffset at)
    {
        if (limits is not null) budgets.Expect(tenant, limits, ready, at);
    }

    /// <summary>What two usual calls can cost at most, at whoever is dearest.</summary>
    private static Cost Ready(ChainSettings settings)
    {
        var ready = default(Cost);
        foreach (var provider in settings.Providers.Where(provider => provider.Type != ProviderType.Local))
        {
            var call = Prices.Of(new(UsualInputTokens, provider.Limits.MaxOutputTokens), provider.Price);
            ready = new(Math.Max(ready.NanoUsd, 2 * call.NanoUsd), Math.Max(ready.Tokens, 2 * call.Tokens));
        }
        return ready;
    }
}
