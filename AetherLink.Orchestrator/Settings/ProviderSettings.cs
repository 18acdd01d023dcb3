using AetherLink.Orchestrator.Governance;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Settings;

internal enum ProviderType
{
    Claude,
    OpenAi,
    Ollama,
    Http,
    Local,
}

/// <summary>US dollars for a million tokens.</summary>
internal sealed record TokenPrice(double InputUsdPerMillion, double OutputUsdPerMillion)
{
    public static TokenPrice Free { get; } = new(0, 0);
}

/// <summary>What one provider may be given; null is no bound of its own.</summary>
internal sealed record ProviderLimits
{
    /// <summary>Calls at a time: a model on one's own hardware answers the next ones later, not as well.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>A longer text goes to another provider.</summary>
    public int? MaxTextChars { get; init; }

    /// <summary>The longest result, a summary with its key points, is far below; a runaway answer ends here.</summary>
    public int MaxOutputTokens { get; init; } = 2_048;
}

/// <summary>One provider, as the file and its overrides describe it.</summary>
internal sealed record ProviderSettings
{
    public required string Name { get; init; }

    public required ProviderType Type { get; init; }

    public Uri? Url { get; init; }

    public string? Model { get; init; }

    /// <summary>Ascending: the lowest is asked first.</summary>
    public int Priority { get; init; } = 100;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Slower than this, by its own last calls, it is not the first choice; null is no bound.</summary>
    public TimeSpan? MaxLatency { get; init; }

    /// <summary>Its share among others, where shares decide.</summary>
    public int Weight { get; init; } = 1;

    public required IReadOnlyList<string> Capabilities { get; init; }

    public TokenPrice Price { get; init; } = TokenPrice.Free;

    public ProviderLimits Limits { get; init; } = new();

    // Two descriptions are equal when their providers would behave alike: a reload then keeps the circuit and its history.
    public bool Equals(ProviderSettings? other) => other is not null
        && (Name, Type, Url, Model, Priority, Timeout) == (other.Name, other.Type, other.Url, other.Model, other.Priority, other.Timeout)
        && (MaxLatency, Weight, Price, Limits) == (other.MaxLatency, other.Weight, other.Price, other.Limits)
        && Capabilities.SequenceEqual(other.Capabilities, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Name, Type, Url, Model, Priority, Timeout);
}

/// <summary>The whole chain: its providers in the order in which they are asked.</summary>
internal sealed record ChainSettings
{
    public required IReadOnlyList<ProviderSettings> Providers { get; init; }

    public IntentCatalog Intents { get; init; } = IntentCatalog.Standard;

    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public int MaxTextChars { get; init; } = 100_000;

    /// <summary>Of a payload that is a list.</summary>
    public int MaxItems { get; init; } = 1_000;

    public RoutingSettings Routing { get; init; } = new();

    public GovernanceSettings Governance { get; init; } = new();

    public BreakerPolicy Circuit { get; init; } = new();
}

/// <summary>Something wrong with the configuration; <c>Line</c> is null for what does not stand in the file.</summary>
internal sealed record SettingsFault(int? Line, string Message)
{
    public override string ToString() => Line is { } line ? $"line {line}: {Message}" : Message;
}

/// <summary>Stops the start, or a reload, with everything that is wrong.</summary>
internal sealed class SettingsException(string source, IReadOnlyList<SettingsFault> faults)
    : Exception($"{source} is not valid:{string.Concat(faults.Select(f => $"\n  {f}"))}")
{
    public IReadOnlyList<SettingsFault> Faults { get; } = faults;
}
