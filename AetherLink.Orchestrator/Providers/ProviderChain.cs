using System.Collections.Frozen;
using AetherLink.Orchestrator.Routing;
using AetherLink.Orchestrator.Settings;

namespace AetherLink.Orchestrator.Providers;

/// <summary>A provider of the chain, with its circuit and its history. <c>Provider</c> is null when something is missing.</summary>
internal sealed class ChainLink(ProviderSettings settings, IProvider? provider, string? unconfigured, Circuit circuit, ProviderStats stats)
{
    private readonly FrozenSet<string> _capabilities = settings.Capabilities.ToFrozenSet(StringComparer.Ordinal);

    public ProviderSettings Settings { get; } = settings;

    public string Name => Settings.Name;

    public IProvider? Provider { get; } = provider;

    public string? Unconfigured { get; } = unconfigured;

    /// <summary>To see that another one was set: with it the provider starts anew.</summary>
    public string? Key { private get; init; }

    public bool HasKey(string? key) => string.Equals(Key, key, StringComparison.Ordinal);

    public Circuit Circuit { get; } = circuit;

    public ProviderStats Stats { get; } = stats;

    public bool NeedsNetwork => Settings.Type != ProviderType.Local;

    public ProviderView View() => new(Name, _capabilities, Unconfigured, Circuit.Snapshot())
    {
        Priority = Settings.Priority,
        Weight = Settings.Weight,
        MaxInFlight = Settings.Limits.MaxInFlight,
        MaxTextChars = Settings.Limits.MaxTextChars,
        MaxLatencyMs = Settings.MaxLatency?.TotalMilliseconds,
        InFlight = Stats.InFlight,
        InputUsdPerMillion = Settings.Price.InputUsdPerMillion,
        OutputUsdPerMillion = Settings.Price.OutputUsdPerMillion,
        IsLastResort = !NeedsNetwork,
        Experience = Stats.Experience,
    };
}

/// <summary>The chain as it stands. A reload makes a new one; calls under way keep theirs.</summary>
internal sealed record ProviderChain(ChainSettings Settings, IReadOnlyList<ChainLink> Links)
{
    public IReadOnlyList<string> Order { get; } = [.. Links.Select(l => l.Name)];
}
