namespace AetherLink.Orchestrator.Governance.Usage;

/// <summary>Usage in all, and added up by each of what it is counted by.</summary>
internal sealed class UsageSums
{
    /// <summary>Tenants are whatever callers say; beyond so many the rest is one.</summary>
    public const string Others = "(others)";

    public UsageSum Total { get; set; }

    public Dictionary<string, UsageSum> ByTenant { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, UsageSum> ByProvider { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, UsageSum> ByIntent { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<DateTimeOffset, UsageSum> ByHour { get; } = [];

    public void Add(UsageKey key, UsageSum sum)
    {
        Total += sum;
        ByTenant[key.TenantId] = ByTenant.GetValueOrDefault(key.TenantId) + sum;
        ByProvider[key.Provider] = ByProvider.GetValueOrDefault(key.Provider) + sum;
        ByIntent[key.Intent] = ByIntent.GetValueOrDefault(key.Intent) + sum;
        ByHour[key.Hour] = ByHour.GetValueOrDefault(key.Hour) + sum;
    }

    /// <summary>The tenants with the most calls by their names, and the rest of the total as one.</summary>
    public IEnumerable<KeyValuePair<string, UsageSum>> Tenants(int most)
    {
        var named = ByTenant.Where(one => one.Key != Others).OrderByDescending(one => one.Value.Calls).ThenBy(one => one.Key, StringComparer.Ordinal).Take(most).ToList();
        var rest = named.Aggregate(Total, (sum, one) => sum - one.Value);
        return rest == default ? named : named.Append(KeyValuePair.Create(Others, rest));
    }
}
