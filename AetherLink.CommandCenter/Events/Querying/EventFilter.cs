namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>Which events are asked for. An absent part matches everything.</summary>
internal sealed record EventFilter
{
    public static EventFilter All { get; } = new();

    public IReadOnlyList<string> EventTypes { get; init; } = [];

    /// <summary>Types as LIKE patterns, where they are not known one by one.</summary>
    public IReadOnlyList<string> TypePatterns { get; init; } = [];

    public IReadOnlyList<Severity> Severities { get; init; } = [];

    public string? Source { get; init; }

    public string? TenantId { get; init; }

    public string? TraceId { get; init; }

    /// <summary>Stands somewhere in the payload, in any case of its letters.</summary>
    public string? Text { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public Origin? Origin { get; init; }

    /// <summary>Whether the live stream's parts of the filter match: the type, the severity, the source and the tenant.</summary>
    public bool MatchesLive(StoredEvent stored) =>
        (EventTypes.Count == 0 || EventTypes.Contains(stored.EventType))
        && (Severities.Count == 0 || Severities.Contains(stored.Severity))
        && (Source is null || Source == stored.Source)
        && (TenantId is null || TenantId == stored.TenantId);
}
