namespace AetherLink.CommandCenter.Events;

/// <summary>An event that was checked and normalised, and is not yet stored.</summary>
internal sealed record EventDraft
{
    public required string EventId { get; init; }

    /// <summary>What makes it the same event within its tenant: its id; for CloudEvents the source and the id.</summary>
    public required string DedupeKey { get; init; }

    public required string EventType { get; init; }

    public required string Source { get; init; }

    public required string TenantId { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>When it happened, as its producer says.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    public string? TraceId { get; init; }

    /// <summary>The payload, an object, as UTF-8 JSON that Postgres can hold.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>Tells a repetition from another event that took the same id.</summary>
    public required long BodyHash { get; init; }

    public string? ClientIp { get; init; }

    public string? Publisher { get; init; }

    public required Origin Origin { get; init; }
}

/// <summary>Which way an event came; the relay carries to Kafka what did not come from there.</summary>
internal enum Origin : short
{
    Http = 0,
    Kafka = 1,
}

/// <summary>What of an event is not in its body: who brought it, when, and for whom.</summary>
internal sealed record Arrival(DateTimeOffset Now, Origin Origin)
{
    /// <summary>The tenant that the caller is confined to; null for none.</summary>
    public string? CallerTenant { get; init; }

    public string? TraceId { get; init; }

    public string? ClientIp { get; init; }

    public string? Publisher { get; init; }

    /// <summary>It was made in this process. What comes over the wire never is, whatever it says of itself.</summary>
    public bool IsOwn { get; init; }

    /// <summary>For an event that has no id of its own; null for a new one.</summary>
    public string? EventId { get; init; }
}
