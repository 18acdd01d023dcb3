using System.Net.Http.Headers;
using AetherLink.Orchestrator.Settings;

namespace AetherLink.Orchestrator.Providers;

/// <summary>Where a provider's key comes from: PROVIDER_&lt;NAME&gt;_API_KEY, else the one that its kind has everywhere. Never the file.</summary>
internal static class ProviderKeys
{
    public static string? Of(ProviderSettings settings, IConfiguration configuration)
    {
        var key = configuration[Overrides.KeyVariable(settings.Name)];
        if (string.IsNullOrWhiteSpace(key) && Usual(settings.Type) is { } usual) key = configuration[usual];
        return string.IsNullOrWhiteSpace(key) ? null : key.Trim();
    }

    /// <summary>The variable to name where a key is missing.</summary>
    public static string Variable(ProviderSettings settings) => Usual(settings.Type) ?? Overrides.KeyVariable(settings.Name);

    public static void WithKey(this HttpRequestMessage request, string? key)
    {
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    private static string? Usual(ProviderType type) => type switch
    {
        ProviderType.Claude => "ANTHROPIC_API_KEY",
        ProviderType.OpenAi => "OPENAI_API_KEY",
        _ => null,
    };
}
