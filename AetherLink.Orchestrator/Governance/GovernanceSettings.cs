using AetherLink.Orchestrator.Governance.Budgets;

namespace AetherLink.Orchestrator.Governance;

/// <summary>What holds for every tenant that has nothing of its own, and what single tenants have instead of it.</summary>
internal sealed record ByTenant<T>(T? Standard, IReadOnlyDictionary<string, T> Tenants) where T : class
{
    public static ByTenant<T> Nothing { get; } = new(null, new Dictionary<string, T>(StringComparer.Ordinal));

    public T? Of(string tenant) => Tenants.GetValueOrDefault(tenant) ?? Standard;
}

/// <summary>Calls of one tenant to one replica.</summary>
internal sealed record RateLimit(double PerSecond, double Burst);

/// <summary>How long an answer is given again to the same question.</summary>
internal sealed record CacheSettings(TimeSpan TimeToLive, int MaxEntries);

/// <summary>What the calls of a tenant may cost, and how many there may be. Nothing of it is on by default.</summary>
internal sealed record GovernanceSettings
{
    public ByTenant<BudgetLimits> Budgets { get; init; } = ByTenant<BudgetLimits>.Nothing;

    public ByTenant<RateLimit> Rates { get; init; } = ByTenant<RateLimit>.Nothing;

    public CacheSettings? Cache { get; init; }
}
