using System.Text.RegularExpressions;

namespace AetherLink.Orchestrator.Settings;

/// <summary>What configuration says over the file: PROVIDER_ORDER and PROVIDER_&lt;NAME&gt;_URL.</summary>
internal static partial class Overrides
{
    public const string Order = "PROVIDER_ORDER";

    public static ChainSettings Apply(ChainSettings file, IConfiguration configuration, string source)
    {
        var faults = new List<SettingsFault>();
        var providers = file.Providers.Select(p => WithUrl(p, configuration, faults)).ToList();
        faults.AddRange(Strangers(providers, configuration));
        var ordered = Reorder(providers, configuration[Order], faults);
        return faults.Count == 0 ? file with { Providers = ordered } : throw new SettingsException(source, faults);
    }

    public static string UrlVariable(string provider) => $"PROVIDER_{Variable(provider)}_URL";

    internal static string KeyVariable(string provider) => $"PROVIDER_{Variable(provider)}_API_KEY";

    private static string Variable(string provider) => provider.ToUpperInvariant().Replace('-', '_');

    private static ProviderSettings WithUrl(ProviderSettings provider, IConfiguration configuration, List<SettingsFault> faults)
    {
        var variable = UrlVariable(provider.Name);
        if (configuration[variable] is not { Length: > 0 } text) return provider;
        if (provider.Type == ProviderType.Local)
            faults.Add(new(null, $"{variable}: {provider.Name} is local and has no URL; remove it"));
        else if (ProviderReading.TryUrl(text) is { } url)
            return provider with { Url = url };
        else
            // It is not repeated: what makes it wrong may be a password in it.
            faults.Add(new(null, $"{variable} {ProviderReading.UrlForm}"));
        return provider;
    }

    private static IEnumerable<SettingsFault> Strangers(IEnumerable<ProviderSettings> providers, IConfiguration configuration)
    {
        var known = providers.Select(p => UrlVariable(p.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return configuration.GetChildren()
            .Where(c => UrlPattern().IsMatch(c.Key) && c.Value is { Length: > 0 } && !known.Contains(c.Key))
            .Select(c => new SettingsFault(null, $"{c.Key} names no provider of the file; known: {string.Join(", ", known.Order(StringComparer.Ordinal))}"));
    }

    private static List<ProviderSettings> Reorder(List<ProviderSettings> providers, string? order, List<SettingsFault> faults)
    {
        if (string.IsNullOrWhiteSpace(order)) return providers;
        var chosen = new List<ProviderSettings>();
        foreach (var name in order.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (providers.Find(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } provider)
                faults.Add(new(null, $"{Order}: '{name}' is no provider of the file; known: {string.Join(", ", providers.Select(p => p.Name))}"));
            else if (chosen.Contains(provider))
                faults.Add(new(null, $"{Order}: '{name}' stands there twice"));
            else
                chosen.Add(provider);
        }
        if (chosen.Count == 0 && faults.Count == 0) faults.Add(new(null, $"{Order} names no provider"));
        return chosen;
    }

    [GeneratedRegex("^PROVIDER_.+_URL$", RegexOptions.IgnoreCase)]
    private static partial Regex UrlPattern();
}
