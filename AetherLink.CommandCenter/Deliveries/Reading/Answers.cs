using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Deliveries.Reading;

/// <summary>A delivery as a list shows it.</summary>
internal sealed record DeliveryView
{
    public required Guid Id { get; init; }

    /// <summary>The id that the receiver sees: the same over all attempts, and over replays.</summary>
    public required string MessageId { get; init; }

    public required Guid EndpointId { get; init; }

    public required string EndpointUrl { get; init; }

    public required EndpointKind Kind { get; init; }

    public required string TenantId { get; init; }

    public required string EventId { get; init; }

    public required string EventType { get; init; }

    public required Severity Severity { get; init; }

    public required DeliveryStatus Status { get; init; }

    public Triage? Triage { get; init; }

    public int? HttpStatus { get; init; }

    public required int Attempts { get; init; }

    /// <summary>Alert events that were folded into this notification.</summary>
    public required int Folded { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public bool InFlight { get; init; }

    /// <summary>What it is a replay of.</summary>
    public Guid? OriginalId { get; init; }

    public string? ReplayedBy { get; init; }
}

internal sealed record DeliveryPage(IReadOnlyList<DeliveryView> Items, int Total, bool TotalCapped, int Skip, int Limit);

/// <summary>A delivery with all that is known of it; the payload is what was sent.</summary>
internal sealed record DeliveryDetail(DeliveryView Delivery, RawJson Payload, IReadOnlyList<AttemptView> Attempts, IReadOnlyList<Guid> Replays);

/// <summary>The queue as it stands, and the last day. Counts of the queue are exact up to 10,000.</summary>
/// <param name="Status">ok.</param>
/// <param name="Queued">What is still to be sent.</param>
/// <param name="Due">What of it could be sent now.</param>
/// <param name="InFlight">What is on its way.</param>
/// <param name="NearFailure">What has at most two attempts left.</param>
/// <param name="QueuedCapped">Whether there is more than was counted.</param>
/// <param name="Delivered">Deliveries that succeeded within the last day.</param>
/// <param name="GivenUp">Deliveries that were given up within the last day.</param>
/// <param name="FailedAttempts">Attempts of the last day that failed, the last ones included.</param>
/// <param name="SuccessRate">Of those that came to an end, in percent; null when there were none.</param>
/// <param name="OldestDueAgeSeconds">How long the oldest has been waiting beyond its time.</param>
/// <param name="ByTriage">The failed attempts of the last day.</param>
internal sealed record DeliveryStats(
    string Status, int Queued, int Due, int InFlight, int NearFailure, bool QueuedCapped, long Delivered, long GivenUp, long FailedAttempts,
    double? SuccessRate, double? OldestDueAgeSeconds, IReadOnlyDictionary<string, long> ByTriage);
