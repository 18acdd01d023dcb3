using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.CommandCenter.Events.Validating;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Events.Announcing;

/// <summary>
/// The Command Center's own events. They go the way of all others, through the group commit, and not through Kafka: the ingest
/// drops what has this service's origin.
/// </summary>
internal sealed class Announcer(GroupCommit commit, ServiceIdentity identity, TimeProvider clock, ILogger<Announcer> logger)
{
    /// <summary>Off the caller's path: what the storage does not take is logged, and not retried.</summary>
    public void Announce(string type, Severity severity, JsonObject payload, string? tenantId = null) =>
        _ = AnnounceAsync(type, severity, payload, tenantId);

    private async Task AnnounceAsync(string type, Severity severity, JsonObject payload, string? tenantId)
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
            System.Text.Encoding.UTF8.GetBytes(envelope.ToJsonString()),
            new Arrival(clock.GetUtcNow(), Origin.Http) { Publisher = identity.Resource },
            SchemaSet.Shipped);
        if (!reading.IsValid)
        {
            Log.AnnouncementIsWrong(logger, type, reading.Detail);
            return;
        }
        try
        {
            if (commit.TrySubmit([reading.Draft]) is not { } submitted)
            {
                Log.AnnouncementLost(logger, type, null);
                return;
            }
            await submitted;
        }
        catch (StorageUnavailableException away)
        {
            Log.AnnouncementLost(logger, type, away);
        }
    }
}
