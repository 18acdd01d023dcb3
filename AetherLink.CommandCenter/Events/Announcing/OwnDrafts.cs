using System.Text;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.CommandCenter.Events.Validating;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Events.Announcing;

/// <summary>Makes the own events, by the same reading that everybody's go through.</summary>
internal sealed class OwnDrafts(ServiceIdentity identity, SharedTime time, ILogger<OwnDrafts> logger)
{
    private const string NoTenant = "default";

    /// <summary>Null, and a line in the log, for one that would be refused from anybody else.</summary>
    public EventDraft? Make(string type, Severity severity, JsonObject payload, string? tenantId = null)
    {
        var envelope = new JsonObject
        {
            ["event_type"] = type,
            ["source"] = identity.Resource,
            ["severity"] = severity.Name(),
            ["tenant_id"] = tenantId ?? NoTenant,
            ["payload"] = payload,
        };
        var reading = EnvelopeReader.Read(
            Encoding.UTF8.GetBytes(envelope.ToJsonString()),
            new Arrival(time.Now, Origin.Http) { Publisher = identity.Resource, IsOwn = true },
            SchemaSet.Shipped);
        if (!reading.IsValid)
        {
            Log.AnnouncementIsWrong(logger, type, reading.Detail);
            return null;
        }
        return reading.Draft;
    }
}
