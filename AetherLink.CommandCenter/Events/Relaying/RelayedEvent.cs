using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Events.Relaying;

/// <summary>The envelope as others read it from Kafka; what is stored beside an event stays here.</summary>
internal sealed record RelayedEvent(
    string EventId, string EventType, string Source, string TenantId, Severity Severity, DateTimeOffset Timestamp, string? TraceId,
    RawJson Payload)
{
    public static RelayedEvent Of(StoredEvent stored) => new(
        stored.EventId, stored.EventType, stored.Source, stored.TenantId, stored.Severity, stored.Timestamp, stored.TraceId,
        stored.Payload);
}
