using System.Text.RegularExpressions;
using AetherLink.Orchestrator.Routing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AetherLink.Orchestrator.Settings;

/// <summary>Reads config/ai-providers.yaml whole: either a chain, or every fault with its line.</summary>
internal static partial class ProvidersFile
{
    private const int Version = 1;

    /// <param name="yaml">The text of the file.</param>
    /// <param name="source">How it is called in a message.</param>
    /// <param name="beside">Reads what the file names, by its path from there; null for what is not there.</param>
    public static ChainSettings Read(string yaml, string source, Func<string, string?>? beside = null)
    {
        var faults = new List<SettingsFault>();
        var chain = Root(yaml, faults) is { } root ? ReadChain(new YamlFields(root, "", faults), beside ?? (_ => null), faults) : null;
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
        if (stream.Documents is [{ RootNode: YamlMappingNode root }])
        {
            faults.AddRange(root.AllNodes.OfType<YamlScalarNode>().Where(node => Key().IsMatch(node.Value ?? ""))
                .Select(node => new SettingsFault(YamlFields.LineOf(node), "this looks like a key: keys never stand in this file, and this one is to be replaced")));
            return root;
        }
        faults.Add(new(1, "the file must hold one mapping"));
        return null;
    }

    private static ChainSettings ReadChain(YamlFields root, Func<string, string?> beside, List<SettingsFault> faults)
    {
        if (root.Text("version", required: true) is { } version && version != "1")
            root.Fault("version", $"must be {Version}, not '{version}'");
        var totalMs = root.Whole("total_timeout_ms", 20_000, 100, 600_000, " ms");
        var limits = root.Mapping("limits");
        var maxText = limits?.Whole("max_text_chars", 100_000, 100, 500_000) ?? 100_000;
        var maxItems = limits?.Whole("max_items", 1_000, 1, 100_000) ?? 1_000;
        limits?.NothingElse();
        var circuit = ReadCircuit(root.Mapping("circuit"));

        var intents = IntentReading.Read(root, beside, faults);

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
            if (ProviderReading.Read(mapping, intents, faults) is not { } provider) continue;
            if (!names.TryAdd(provider.Name, YamlFields.LineOf(node)))
                faults.Add(new(YamlFields.LineOf(node), $"provider {provider.Name} stands already on line {names[provider.Name]}"));
            providers.Add(provider);
        }
        var routing = RoutingSection.Read(root.Mapping("routing"), names.Keys, intents);
        var governance = GovernanceSection.Read(root);
        root.NothingElse();
        return new ChainSettings
        {
            Routing = routing,
            Governance = governance,
            // A stable sort: equals stay in the order of the file.
            Providers = [.. providers.OrderBy(p => p.Priority)],
            Intents = intents,
            TotalTimeout = TimeSpan.FromMilliseconds(totalMs),
            MaxTextChars = maxText,
            MaxItems = maxItems,
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

    // Anthropic's and OpenAI's, Google's, and those of others who took over the form.
    [GeneratedRegex(@"\b(?:sk|gsk|xai|pplx|hf)[-_][A-Za-z0-9_-]{16,}|\bAIza[A-Za-z0-9_-]{30,}")]
    private static partial Regex Key();
}
