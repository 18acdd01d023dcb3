using AetherLink.Orchestrator.Governance;
using AetherLink.Orchestrator.Governance.Budgets;

namespace AetherLink.Orchestrator.Settings;

/// <summary>Reads <c>budgets</c>, <c>rates</c> and <c>cache</c>.</summary>
internal static class GovernanceSection
{
    /// <summary>Beyond a million dollars, and a trillion tokens, a period's budget is a slip of the unit.</summary>
    private const double MostUsd = 1_000_000;

    private const double MostTokens = 1e12;

    private static readonly Dictionary<string, BudgetPeriod> Periods = new(StringComparer.Ordinal)
    {
        ["day"] = BudgetPeriod.Day,
        ["month"] = BudgetPeriod.Month,
    };

    public static GovernanceSettings Read(YamlFields root) => new()
    {
        Budgets = ReadByTenant(root.Mapping("budgets"), ReadBudget),
        Rates = ReadByTenant(root.Mapping("rates"), ReadRate),
        Cache = ReadCache(root.Mapping("cache")),
    };

    private static ByTenant<T> ReadByTenant<T>(YamlFields? fields, Func<YamlFields, T> read) where T : class
    {
        if (fields is null) return ByTenant<T>.Nothing;
        T Whole(YamlFields one)
        {
            var value = read(one);
            one.NothingElse();
            return value;
        }
        var standard = fields.Mapping("default") is { } given ? Whole(given) : null;
        var tenants = fields.Mappings("tenants").ToDictionary(tenant => tenant.Name, tenant => Whole(tenant.Fields), StringComparer.Ordinal);
        fields.NothingElse();
        return new(standard, tenants);
    }

    private static BudgetLimits ReadBudget(YamlFields fields)
    {
        var period = BudgetPeriod.Month;
        if (fields.Text("period") is { } text && !Periods.TryGetValue(text, out period))
            fields.Fault("period", $"must be day or month, not '{text}'");
        if (!fields.Has("usd") && !fields.Has("tokens")) fields.Fault("usd", "or tokens must be given");
        long? usd = fields.Has("usd") ? (long)Math.Round(fields.Number("usd", 0, MostUsd) * 1e9) : null;
        long? tokens = fields.Has("tokens") ? (long)Math.Round(fields.Number("tokens", 0, MostTokens)) : null;
        return new(usd, tokens, period);
    }

    private static RateLimit ReadRate(YamlFields fields)
    {
        if (!fields.Has("per_second")) fields.Fault("per_second", "is missing");
        // One call in a quarter of an hour is the slowest that is still a rate.
        var perSecond = fields.Number("per_second", 0.001, 1_000_000);
        var burst = fields.Has("burst") ? fields.Number("burst", 1, 10_000_000) : Math.Max(1, perSecond);
        return new(perSecond, burst);
    }

    private static CacheSettings? ReadCache(YamlFields? fields)
    {
        if (fields is null) return null;
        if (!fields.Has("ttl_seconds")) fields.Fault("ttl_seconds", "is missing");
        var cache = new CacheSettings(
            TimeSpan.FromSeconds(fields.Whole("ttl_seconds", 60, 1, 86_400, " s")), fields.Whole("max_entries", 1_000, 1, 1_000_000));
        fields.NothingElse();
        return cache;
    }
}
