using System.Text.RegularExpressions;
using AetherLink.Orchestrator.Intents;
using YamlDotNet.RepresentationModel;

namespace AetherLink.Orchestrator.Settings;

/// <summary>Reads one entry of <c>providers</c>.</summary>
internal static partial class ProviderReading
{
    /// <summary>What an address must be.</summary>
    public const string UrlForm = "must be an absolute http or https address without a name or password";

    private static readonly Dictionary<string, ProviderType> Types = new(StringComparer.Ordinal)
    {
        ["claude"] = ProviderType.Claude,
        ["openai"] = ProviderType.OpenAi,
        ["ollama"] = ProviderType.Ollama,
        ["http"] = ProviderType.Http,
        ["local"] = ProviderType.Local,
    };

    public static ProviderSettings? Read(YamlMappingNode node, IntentCatalog intents, List<SettingsFault> faults)
    {
        var before = faults.Count;
        var label = node.Children.TryGetValue(new YamlScalarNode("name"), out var n) && n is YamlScalarNode { Value: { Length: > 0 } v }
            ? $"provider {v}: " : "provider: ";
        var fields = new YamlFields(node, label, faults);

        var name = fields.Text("name", required: true);
        if (name is not null && !NamePattern().IsMatch(name)) fields.Fault("name", "must be of a-z, 0-9 and '-', up to 40 characters");
        var typeText = fields.Text("type", required: true);
        ProviderType? type = typeText is not null && Types.TryGetValue(typeText, out var known) ? known : null;
        if (typeText is not null && type is null)
            fields.Fault("type", $"must be one of {string.Join(", ", Types.Keys)}, not '{typeText}'");

        var isModel = type is ProviderType.Claude or ProviderType.OpenAi or ProviderType.Ollama;
        var model = fields.Text("model", required: isModel);
        var url = ReadUrl(fields);
        if (type == ProviderType.Local && url is not null) fields.Fault("url", "has no meaning for a local provider");

        var provider = new ProviderSettings
        {
            Name = name ?? "",
            Type = type ?? default,
            Url = url,
            Model = model,
            Priority = fields.Whole("priority", 100, 0, 10_000),
            Timeout = TimeSpan.FromMilliseconds(fields.Whole("timeout_ms", 10_000, 10, 300_000, " ms")),
            MaxLatency = fields.Has("max_latency_ms") ? TimeSpan.FromMilliseconds(fields.Whole("max_latency_ms", 0, 1, 300_000, " ms")) : null,
            Weight = fields.Whole("weight", 1, 0, 1_000),
            Capabilities = ReadCapabilities(fields, intents, type == ProviderType.Local),
            Price = ReadPrice(fields.Mapping("price")),
            Limits = ReadLimits(fields.Mapping("limits")),
        };
        fields.NothingElse();
        return faults.Count == before ? provider : null;
    }

    private static Uri? ReadUrl(YamlFields fields)
    {
        if (fields.Text("url") is not { } text) return null;
        if (TryUrl(text) is { } url) return url;
        // The address itself is not repeated: what makes it wrong may be a password in it.
        fields.Fault("url", text.Contains('@', StringComparison.Ordinal) ? UrlForm : $"must be an absolute http or https address, not '{text}'");
        return null;
    }

    public static Uri? TryUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.UserInfo.Length == 0 ? url : null;

    private static List<string> ReadCapabilities(YamlFields fields, IntentCatalog intents, bool isLocal)
    {
        if (!fields.Has("capabilities")) fields.Fault("capabilities", "is missing");
        var known = intents.Capabilities.ToList();
        var capabilities = new List<string>();
        foreach (var (text, node) in fields.Texts("capabilities"))
        {
            var capability = known.Contains(text, StringComparer.Ordinal) ? text : intents.Find(text)?.Capability;
            if (capability is null)
                fields.Fault(node, $"capability '{text}' is not known; known: {string.Join(", ", known)}");
            else if (isLocal && !BuiltIn.Has(capability))
                fields.Fault(node, $"capability '{text}' has no local rules; with rules: {string.Join(", ", BuiltIn.All.Select(i => i.Name))}");
            else if (!capabilities.Contains(capability, StringComparer.Ordinal))
                capabilities.Add(capability);
        }
        return capabilities;
    }

    private static TokenPrice ReadPrice(YamlFields? fields)
    {
        if (fields is null) return TokenPrice.Free;
        // A thousand dollars for a million tokens is beyond every price list: a slip of the unit.
        var price = new TokenPrice(
            fields.Number("input_usd_per_million_tokens", 0, 1_000), fields.Number("output_usd_per_million_tokens", 0, 1_000));
        fields.NothingElse();
        return price;
    }

    private static ProviderLimits ReadLimits(YamlFields? fields)
    {
        var standard = new ProviderLimits();
        if (fields is null) return standard;
        var limits = new ProviderLimits
        {
            MaxInFlight = fields.Has("max_in_flight") ? fields.Whole("max_in_flight", 1, 1, 100_000) : null,
            MaxTextChars = fields.Has("max_text_chars") ? fields.Whole("max_text_chars", 100, 100, 500_000) : null,
            MaxOutputTokens = fields.Whole("max_output_tokens", standard.MaxOutputTokens, 1, 100_000),
        };
        fields.NothingElse();
        return limits;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex NamePattern();
}
