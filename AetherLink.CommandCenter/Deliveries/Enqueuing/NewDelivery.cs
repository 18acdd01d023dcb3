using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Deliveries.Enqueuing;

/// <summary>A delivery that is about to be written, and to be sent at once.</summary>
internal sealed record NewDelivery
{
    public required Guid Id { get; init; }

    /// <summary>The id that receivers see: stable over attempts, and over replays.</summary>
    public required string MessageId { get; init; }

    public required Guid EndpointId { get; init; }

    public required string TenantId { get; init; }

    public required string EventId { get; init; }

    /// <summary>The event's number; null for a replay, of which there may be several.</summary>
    public long? EventSequence { get; init; }

    public required string EventType { get; init; }

    public required Severity Severity { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The rule of the alert that it tells of.</summary>
    public string? RuleId { get; init; }

    public Guid? OriginalId { get; init; }

    public string? ReplayedBy { get; init; }

    public required byte[] Body { get; init; }

    public static string MessageIdOf(Guid id) => $"msg_{id:N}";
}
