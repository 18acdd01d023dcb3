using AetherLink.Orchestrator.Settings;
using Microsoft.Extensions.Configuration;

namespace AetherLink.Tests.Orchestrator;

public sealed class ProvidersFileTests
{
    [Fact]
    public void Shipped_file_is_valid_and_ends_with_the_local_provider()
    {
        var chain = ProvidersFile.Read(File.ReadAllText(Path.Combine(Repository.Root, "config", "ai-providers.yaml")), "ai-providers.yaml");

        Assert.Equal(["claude", "ollama", "openai", "summarizer", "local"], chain.Providers.Select(p => p.Name));
        Assert.Equal(new TokenPrice(1, 5), chain.Providers[0].Price);
        Assert.Equal(TimeSpan.FromSeconds(20), chain.TotalTimeout);
    }

    [Fact]
    public void Every_fault_is_named_with_its_line()
    {
        const string Yaml = """
            version: 2
            total_timeout_ms: soon
            strategie: priority
            circuit:
              open_seconds: 60
              max_open_seconds: 30
            providers:
              - name: Claude!
                type: claude
                api_key: sk-123
                capabilities: [extract-lead, dance]
              - name: b
                type: telepathy
                url: ftp://b
                timeout_ms: -5
              - name: local
                type: local
                url: http://here
                priority: 1
                capabilities: [summarize]
              - just text
            """;

        var faults = Assert.Throws<SettingsException>(() => ProvidersFile.Read(Yaml, "x.yaml")).Faults;

        Assert.Equal(
            [
                "line 1: version must be 1, not '2'",
                "line 2: total_timeout_ms must be a whole number from 100 to 600000 ms, not 'soon'",
                "line 3: strategie is not known here; known: budgets, cache, circuit, intents, limits, providers, rates, routing, total_timeout_ms, version",
                "line 6: circuit.max_open_seconds must not be less than open_seconds",
                "line 8: provider Claude!: model is missing",
                "line 8: provider Claude!: name must be of a-z, 0-9 and '-', up to 40 characters",
                "line 10: provider Claude!: api_key: keys never stand in this file; set ANTHROPIC_API_KEY or OPENAI_API_KEY in configuration or secrets",
                "line 11: provider Claude!: capability 'dance' is not known; known: extract-lead, summarize-activity, classify-intent",
                "line 12: provider b: capabilities is missing",
                "line 13: provider b: type must be one of claude, openai, ollama, http, local, not 'telepathy'",
                "line 14: provider b: url must be an absolute http or https address, not 'ftp://b'",
                "line 15: provider b: timeout_ms must be a whole number from 10 to 300000 ms, not '-5'",
                "line 18: provider local: url has no meaning for a local provider",
                "line 21: a provider must be a mapping",
            ],
            faults.Select(f => f.ToString()).Order(new ByLine()));
    }

    [Fact]
    public void Key_in_the_file_is_a_fault_wherever_it_stands_and_is_not_repeated()
    {
        const string Yaml = """
            version: 1
            providers:
              - {name: a, type: http, url: "http://me:hush@here", capabilities: [extract]}
              - {name: b, type: openai, model: sk-proj-0123456789abcdef, capabilities: [extract]}
            """;

        var failure = Assert.Throws<SettingsException>(() => ProvidersFile.Read(Yaml, "x.yaml"));

        Assert.Equal(
            [
                "line 3: provider a: url must be an absolute http or https address without a name or password",
                "line 4: this looks like a key: keys never stand in this file, and this one is to be replaced",
            ],
            failure.Faults.Select(f => f.ToString()));
        Assert.DoesNotContain("hush", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Provider_has_its_limits_its_weight_and_its_latency()
    {
        const string Yaml = """
            version: 1
            providers:
              - name: a
                type: local
                capabilities: [extract]
                weight: 3
                max_latency_ms: 900
                limits: {max_in_flight: 4, max_text_chars: 5000, max_output_tokens: 300}
            """;

        var provider = Assert.Single(ProvidersFile.Read(Yaml, "x.yaml").Providers);

        Assert.Equal((3, TimeSpan.FromMilliseconds(900)), (provider.Weight, provider.MaxLatency));
        Assert.Equal(new ProviderLimits { MaxInFlight = 4, MaxTextChars = 5_000, MaxOutputTokens = 300 }, provider.Limits);
    }

    [Theory]
    [InlineData("providers: [\n", 2)]
    [InlineData("version: 1\nversion: 1\n", 2)]
    [InlineData("version: 1\nproviders:\n  - name: a\n   type: local\n", 4)]
    [InlineData("", 1)]
    [InlineData("just text", 1)]
    public void Text_that_is_no_mapping_is_named_with_its_line(string yaml, int line)
    {
        var faults = Assert.Throws<SettingsException>(() => ProvidersFile.Read(yaml, "x.yaml")).Faults;

        Assert.Equal(line, Assert.Single(faults).Line);
    }

    [Fact]
    public void Name_that_stands_twice_is_named_with_both_lines()
    {
        const string Yaml = "version: 1\nproviders:\n  - {name: a, type: local, capabilities: [extract]}\n  - {name: a, type: local, capabilities: [extract]}\n";

        var faults = Assert.Throws<SettingsException>(() => ProvidersFile.Read(Yaml, "x.yaml")).Faults;

        Assert.Equal(["line 4: provider a stands already on line 3"], faults.Select(f => f.ToString()));
    }

    [Fact]
    public void Order_and_addresses_of_configuration_go_over_the_file()
    {
        var chain = Overridden(("PROVIDER_ORDER", " local, B-one "), ("PROVIDER_B_ONE_URL", "http://elsewhere:1/x"));

        Assert.Equal(["local", "b-one"], chain.Providers.Select(p => p.Name));
        Assert.Equal(new Uri("http://elsewhere:1/x"), chain.Providers[1].Url);
    }

    [Fact]
    public void Wrong_overrides_are_named_all_at_once()
    {
        var faults = Assert.Throws<SettingsException>(() => Overridden(
            ("PROVIDER_ORDER", "local,c,local"), ("PROVIDER_B_ONE_URL", "http//ada:secret@nowhere"), ("PROVIDER_LOCAL_URL", "http://x"), ("PROVIDER_C_URL", "http://x"))).Faults;

        Assert.Equal(
            [
                "PROVIDER_B_ONE_URL must be an absolute http or https address without a name or password",
                "PROVIDER_C_URL names no provider of the file; known: PROVIDER_B_ONE_URL, PROVIDER_LOCAL_URL",
                "PROVIDER_LOCAL_URL: local is local and has no URL; remove it",
                "PROVIDER_ORDER: 'c' is no provider of the file; known: b-one, local",
                "PROVIDER_ORDER: 'local' stands there twice",
            ],
            faults.Select(f => f.ToString()).Order(StringComparer.Ordinal));
    }

    private static ChainSettings Overridden(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value)).Build();
        const string Yaml = """
            version: 1
            providers:
              - {name: b-one, type: http, url: "http://b", priority: 1, capabilities: [extract-lead]}
              - {name: local, type: local, priority: 2, capabilities: [extract-lead]}
            """;
        return Overrides.Apply(ProvidersFile.Read(Yaml, "x.yaml"), configuration, "x.yaml");
    }

    private sealed class ByLine : IComparer<string>
    {
        public int Compare(string? x, string? y) => (Line(x!), x!).CompareTo((Line(y!), y!));

        private static int Line(string text) => int.Parse(text["line ".Length..text.IndexOf(':', StringComparison.Ordinal)], null);
    }
}
