namespace AetherLink.CommandCenter.Deliveries.Enqueuing;

/// <summary>What at most one notification a window is for.</summary>
internal readonly record struct NotificationKey(Guid EndpointId, string RuleId, string TenantId, string GroupKey)
{
    /// <summary>No group is another one than the empty group.</summary>
    public static NotificationKey Of(Guid endpoint, string tenant, string rule, string? group) => new(endpoint, rule, tenant, group is null ? "" : $"={group}");
}

/// <summary>The last notification for a key, and what was folded into it.</summary>
/// <param name="At">When the event of the notification was received.</param>
/// <param name="DeliveryId">The notification's delivery.</param>
/// <param name="EventType">Of the event that was told.</param>
/// <param name="Folded">How many were not told since.</param>
/// <param name="PendingSequence">The last of them.</param>
/// <param name="PendingType">Its type.</param>
internal sealed record LastNotification(
    DateTimeOffset At, Guid DeliveryId, string EventType, int Folded = 0, long? PendingSequence = null, string? PendingType = null)
{
    /// <summary>What came within the window is folded: it counts, and is not told.</summary>
    public bool Folds(DateTimeOffset receivedAt, TimeSpan window) => receivedAt - At < window;

    public LastNotification With(long sequence, string eventType) =>
        this with { Folded = Folded + 1, PendingSequence = sequence, PendingType = eventType };
}
