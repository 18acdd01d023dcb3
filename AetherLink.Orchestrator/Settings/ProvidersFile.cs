using System.Text.RegularExpressions;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AetherLink.Orchestrator.Settings;

/// <summary>Reads config/ai-providers.yaml whole: either a chain, or every fault with its line.</summary>
internal static partial class ProvidersFile
{
    private const int Version = 1;

    private static readonly Dictionary<string, ProviderType> Types = new(StringComparer.Ordinal)
    {
        ["claude"] = ProviderType.Claude,
        ["openai"] = ProviderType.OpenAi,
        ["ollama"] = ProviderType.Ollama,
        ["http"] = ProviderType.Http,
        ["local"] = ProviderType.Local,
    };

    public static ChainSettings Read(string yaml, string source)
    {
        var faults = new List<SettingsFault>();
        var chain = Root(yaml, faults) is { } root ? ReadChain(new YamlFields(root, "", faults), faults) : null;
        return faults.Count == 0 && chain is not null
            ? chain
            : throw new SettingsException(source, [.. faults.OrderBy(f => f.Line)]);
    }

    private static YamlMappingNode? Root(string yaml, List<SettingsFault> faults)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            faults.Add(new((int)e.Start.Line, e.InnerException?.Message ?? e.Message));
            return null;
        }
        if (stream.Documents is [{ RootNode: YamlMappingNode root }]) return root;
        faults.Add(new(1, "the file must hold one mapping"));
        return null;
    }

    private static ChainSettings ReadChain(YamlFields root, List<SettingsFault> faults)
    {
        if (root.Text("version", required: true) is { } version && version != "1")
            root.Fault("version", $"must be {Version}, not '{version}'");
        var totalMs = root.Whole("total_timeout_ms", 20_000, 100, 600_000, " ms");
        var limits = root.Mapping("limits");
        var maxText = limits?.Whole("max_text_chars", 100_000, 100, 500_000) ?? 100_000;
        limits?.NothingElse();
        var circuit = ReadCircuit(root.Mapping("circuit"));

        var nodes = root.Items("providers");
        if (nodes.Count == 0) root.Fault("providers", "must list at least one provider");
        var providers = new List<ProviderSettings>();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (node is not YamlMappingNode mapping)
            {
                root.Fault(node, "a provider must be a mapping");
                continue;
            }
            if (ReadProvider(mapping, faults) is not { } provider) continue;
            if (!names.TryAdd(provider.Name, YamlFields.LineOf(node)))
                faults.Add(new(YamlFields.LineOf(node), $"provider {provider.Name} stands already on line {names[provider.Name]}"));
            providers.Add(provider);
        }
        root.NothingElse();
        return new ChainSettings
        {
            // A stable sort: equals stay in the order of the file.
            Providers = [.. providers.OrderBy(p => p.Priority)],
            TotalTimeout = TimeSpan.FromMilliseconds(totalMs),
            MaxTextChars = maxText,
            Circuit = circuit,
        };
    }

    private static BreakerPolicy ReadCircuit(YamlFields? fields)
    {
        var standard = new BreakerPolicy();
        if (fields is null) return standard;
        var open = fields.Whole("open_seconds", (int)standard.OpenFor.TotalSeconds, 1, 3_600, " s");
        var maxOpen = fields.Whole("max_open_seconds", (int)standard.MaxOpenFor.TotalSeconds, 1, 3_600, " s");
        if (maxOpen < open) fields.Fault("max_open_seconds", "must not be less than open_seconds");
        var policy = standard with
        {
            FailureThreshold = fields.Whole("failure_threshold", standard.FailureThreshold, 1, 100),
            OpenFor = TimeSpan.FromSeconds(open),
            MaxOpenFor = TimeSpan.FromSeconds(maxOpen),
        };
        fields.NothingElse();
        return policy;
    }

    private static ProviderSettings? ReadProvider(YamlMappingNode node, List<SettingsFault> faults)
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
            Capabilities = ReadCapabilities(fields),
            Price = ReadPrice(fields.Mapping("price")),
        };
        fields.NothingElse();
        return faults.Count == before ? provider : null;
    }

    private static Uri? ReadUrl(YamlFields fields)
    {
        if (fields.Text("url") is not { } text) return null;
        if (TryUrl(text) is { } url) return url;
        fields.Fault("url", $"must be an absolute http or https address, not '{text}'");
        return null;
    }

    public static Uri? TryUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) ? url : null;

    private static List<string> ReadCapabilities(YamlFields fields)
    {
        if (!fields.Has("capabilities")) fields.Fault("capabilities", "is missing");
        var capabilities = new List<string>();
        foreach (var (text, node) in fields.Texts("capabilities"))
        {
            if (Intent.Find(text) is not { } intent)
                fields.Fault(node, $"capability '{text}' is not known; known: {string.Join(", ", Intent.All.Select(i => i.Name))}");
            else if (!capabilities.Contains(intent.Name, StringComparer.Ordinal))
                capabilities.Add(intent.Name);
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

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex NamePattern();
}
