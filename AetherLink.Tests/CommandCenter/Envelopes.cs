using System.Text;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.CommandCenter.Events.Validating;

namespace AetherLink.Tests.CommandCenter;

/// <summary>Events for tests.</summary>
internal static class Envelopes
{
    public static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static EnvelopeReading Read(string json, Arrival? arrival = null, bool cloudEvent = false) =>
        EnvelopeReader.Read(Encoding.UTF8.GetBytes(json), arrival ?? new Arrival(Now, Origin.Http) { IsOwn = true }, SchemaSet.Shipped, cloudEvent);

    public static EventDraft Draft(string id, string tenant = "default", string type = "lead.created", string payload = "{}",
        Severity severity = Severity.Info, Origin origin = Origin.Http) => new()
        {
            EventId = id,
            DedupeKey = id,
            EventType = type,
            Source = "tests",
            TenantId = tenant,
            Severity = severity,
            Timestamp = Now,
            Payload = Encoding.UTF8.GetBytes(payload),
            BodyHash = string.GetHashCode(payload, StringComparison.Ordinal),
            Origin = origin,
        };

    public static StoredEvent Stored(long sequence, string tenant = "default", string type = "lead.created") => new()
    {
        Sequence = sequence,
        EventId = $"e{sequence}",
        EventType = type,
        Source = "tests",
        TenantId = tenant,
        Severity = Severity.Info,
        Timestamp = Now,
        ReceivedAt = Now.AddMilliseconds(sequence),
        Payload = new("{}"u8.ToArray()),
    };
}
