using AetherLink.Orchestrator.Local;
using AetherLink.Orchestrator.Routing;
using AetherLink.Orchestrator.Settings;

namespace AetherLink.Orchestrator.Providers;

/// <summary>Makes providers of their settings, once for each: a client made for each call would cost more than the routing.</summary>
internal sealed class ChainBuilding(IHttpClientFactory clients, IConfiguration configuration)
{
    public const string ClientName = "ai-provider";

    public ProviderChain Build(ChainSettings settings, ProviderChain? before)
    {
        var known = before?.Links.ToDictionary(l => l.Name, StringComparer.Ordinal) ?? [];
        return new(settings, [.. settings.Providers.Select(p => Link(p, settings, known.GetValueOrDefault(p.Name), before))]);
    }

    private ChainLink Link(ProviderSettings settings, ChainSettings chain, ChainLink? known, ProviderChain? before)
    {
        var (provider, missing) = Make(settings);
        // What was learned of a provider stays true only while it is the same one.
        var key = ProviderKeys.Of(settings, configuration);
        var same = known is not null && known.Settings.Equals(settings) && known.Unconfigured == missing && known.HasKey(key)
            && before!.Settings.Circuit == chain.Circuit;
        return new(settings, provider, missing, same ? known!.Circuit : new Circuit(chain.Circuit), known?.Stats ?? new ProviderStats()) { Key = key };
    }

    private (IProvider? Provider, string? Missing) Make(ProviderSettings settings) => settings.Type switch
    {
        ProviderType.Local => (new LocalProvider(), null),
        ProviderType.Claude => WithKey(settings, key => new ClaudeProvider(Client(), settings.Url, settings.Model!, MaxTokens(settings), key)),
        ProviderType.OpenAi => WithKey(settings, key => new OpenAiProvider(Client(), settings.Url, settings.Model!, MaxTokens(settings), key)),
        ProviderType.Ollama => WithUrl(settings, url => new OllamaProvider(Client(), url, settings.Model!, MaxTokens(settings), ProviderKeys.Of(settings, configuration))),
        ProviderType.Http => WithUrl(settings, url => new HttpProvider(Client(), url, settings.Model ?? settings.Name, ProviderKeys.Of(settings, configuration))),
        _ => throw new InvalidOperationException($"No provider is known for type {settings.Type}."),
    };

    private static int MaxTokens(ProviderSettings settings) => settings.Limits.MaxOutputTokens;

    private (IProvider?, string?) WithKey(ProviderSettings settings, Func<string, IProvider> make) =>
        ProviderKeys.Of(settings, configuration) is { } key ? (make(key), null) : (null, $"set {ProviderKeys.Variable(settings)}");

    private static (IProvider?, string?) WithUrl(ProviderSettings settings, Func<Uri, IProvider> make) =>
        settings.Url is { } url ? (make(url), null) : (null, $"set {Overrides.UrlVariable(settings.Name)}, or url in the file");

    private HttpClient Client() => clients.CreateClient(ClientName);
}
