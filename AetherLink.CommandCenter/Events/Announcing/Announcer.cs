using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.CommandCenter.Events.Validating;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Events.Announcing;

/// <summary>An own event that waits for the storage.</summary>
/// <param name="Event">The event; its id is made once, so that it is stored once however often it is tried.</param>
/// <param name="Change">The change that it tells of, when every replica sees that for itself.</param>
internal sealed record Announcement(EventDraft Event, Change? Change);

/// <summary>
/// The Command Center's own events. They go the way of all others and not through Kafka: the ingest drops what has this service's
/// origin. They wait while the storage is away.
/// </summary>
internal sealed class Announcer(ServiceIdentity identity, TimeProvider clock, ILogger<Announcer> logger)
{
    /// <summary>A mesh of a thousand services that goes down and comes up five times; some 10 MB.</summary>
    private const int MostWaiting = 10_000;

    private readonly Channel<Announcement> _waiting = Channel.CreateBounded<Announcement>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public ChannelReader<Announcement> Waiting => _waiting.Reader;

    /// <summary>Off the caller's path.</summary>
    public void Announce(string type, Severity severity, JsonObject payload, string? tenantId = null) =>
        Put(type, severity, payload, tenantId, null);

    /// <summary>Announces what every replica sees for itself: it is stored once, and none that saw it later tells it again.</summary>
    /// <param name="subject">What has changed.</param>
    /// <param name="state">What it is now.</param>
    /// <param name="type">The event's type.</param>
    /// <param name="severity">The event's severity.</param>
    /// <param name="payload">The event's payload.</param>
    /// <param name="isFirstSight">It may have been so all the time: then it is news only if something else was announced before.</param>
    public void AnnounceChange(string subject, string state, string type, Severity severity, JsonObject payload, bool isFirstSight = false) =>
        Put(type, severity, payload, null, new(subject, state, clock.GetTimestamp(), isFirstSight));

    private void Put(string type, Severity severity, JsonObject payload, string? tenantId, Change? change)
    {
        var envelope = new JsonObject
        {
            ["event_type"] = type,
            ["source"] = identity.Resource,
            ["severity"] = severity.Name(),
            ["tenant_id"] = tenantId,
            ["payload"] = payload,
        };
        var reading = EnvelopeReader.Read(
            Encoding.UTF8.GetBytes(envelope.ToJsonString()),
            new Arrival(clock.GetUtcNow(), Origin.Http) { Publisher = identity.Resource },
            SchemaSet.Shipped);
        if (!reading.IsValid)
        {
            Log.AnnouncementIsWrong(logger, type, reading.Detail);
        }
        else if (!_waiting.Writer.TryWrite(new(reading.Draft, change)))
        {
            Log.AnnouncementLost(logger, type);
        }
    }
}
