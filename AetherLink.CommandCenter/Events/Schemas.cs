using System.Collections.Frozen;

namespace AetherLink.CommandCenter.Events;

/// <summary>An event type: what it means, and what its payload may say.</summary>
/// <param name="EventType">The name of the type.</param>
/// <param name="Version">The version of the payload; consumers ignore fields that they do not know.</param>
/// <param name="Required">The fields of the envelope that a producer must give.</param>
/// <param name="Properties">The payload's fields.</param>
/// <param name="Description">When it is published.</param>
internal sealed record EventSchema(
    string EventType,
    int Version,
    IReadOnlyList<string> Required,
    IReadOnlyDictionary<string, PropertySchema> Properties,
    string Description);

internal sealed record PropertySchema(string Type);

/// <summary>The event types that ship.</summary>
internal static class Schemas
{
    private static readonly string[] Required = ["event_type", "source", "payload"];

    public static IReadOnlyList<EventSchema> All { get; } = [.. ShippedTypes()];

    private static readonly FrozenDictionary<string, EventSchema> ByType =
        All.ToFrozenDictionary(schema => schema.EventType, StringComparer.Ordinal);

    public static bool Knows(string type) => ByType.ContainsKey(type);

    public static EventSchema? Find(string type) => ByType.GetValueOrDefault(type);

    private static EventSchema Of(string type, string description, string properties) =>
        new(type, 1, Required, properties.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(property => property.Split(':'))
            .ToDictionary(parts => parts[0], parts => new PropertySchema(parts.ElementAtOrDefault(1) ?? "string"),
                StringComparer.Ordinal), description);

    // name, or name:type where it is not text.
    private static IEnumerable<EventSchema> ShippedTypes()
    {
        yield return Of("service.registered", "A service joined the catalogue.", "name url health_url version");
        yield return Of("service.unregistered", "A service left the catalogue.", "name url reason");
        yield return Of("service.health.failed", "A service stopped answering its probe.", "name url status error since");
        yield return Of("service.health.recovered", "A service answers its probe again.", "name url status error since");
        yield return Of("service.version.changed", "A service answers with another version.", "name from to");

        const string heal = "service action reason msg duration_ms:number verified:boolean";
        yield return Of("autoheal.attempted", "A restart was issued.", heal);
        yield return Of("autoheal.succeeded", "A restart was verified: the service is healthy again.", heal);
        yield return Of("autoheal.failed", "A restart failed, or did not make the service healthy.", heal);
        yield return Of("autoheal.suppressed", "The governor held a restart back.", heal);
        yield return Of("autoheal.brake.engaged", "Much of the mesh is down: nothing is restarted.", "down:number total:number reason");
        yield return Of("autoheal.brake.released", "Restarts are allowed again.", "down:number total:number reason");
        yield return Of("autoheal.cooldown.cleared", "An endpoint's cooldown was ended by hand.", "endpoint_url actor");

        const string call = "intent provider model latency_ms:number attempts:array outcome";
        yield return Of("ai.provider.used", "The first provider of the chain answered.", call);
        yield return Of("ai.fallback.used", "A later provider of the chain answered.", call);
        yield return Of("ai.fallback.failed", "No provider of the chain answered.", call);
        yield return Of("ai.config.rejected", "A changed provider configuration is wrong; the old one stays.", "file error");
        yield return Of("ai.summary.created", "A summary was made.", "subject summary");

        const string alert = "alert_id rule_id rule severity matched_count:number group";
        yield return Of("ops.alert.raised", "A rule's threshold was crossed.", alert);
        yield return Of("ops.alert.resolved", "A rule's window is below its threshold again.", alert);
        yield return Of("ops.alert.acknowledged", "Somebody took an alert.", alert + " acknowledged_by");
        yield return Of("ops.alert.silenced", "A silence muted an alert.", alert + " silence_id");
        yield return Of("ops.alert.delivery.failed", "A notification could not be delivered.", "alert_id delivery_id endpoint error");
        yield return Of("ops.silence.expiring", "A silence ends within the hour.", "silence_id ends_at reason author");
        yield return Of("ops.webhook.warned", "A webhook has been failing for days.", "webhook_id url failing_since");
        yield return Of("ops.webhook.disabled", "A webhook failed for too long, and was switched off.", "webhook_id url failing_since");
        yield return Of("delivery.replayed", "A delivery was sent again.", "delivery_id new_id actor");

        const string anomaly = "incident_id series severity observed:number expected:number score:number message";
        yield return Of("ops.anomaly.detected", "A series left its usual range.", anomaly);
        yield return Of("ops.anomaly.resolved", "A series is back in its usual range.", anomaly);
        yield return Of("ops.events.pruned", "Events beyond their retention were deleted.", "before events:number tenant_id retention_days:number");
        yield return Of("security.rbac.denied", "A caller was refused.", "path method caller roles status:number");

        yield return Of("lead.created", "A lead came in.", "lead_id name email company phone status");
        yield return Of("lead.status_changed", "A lead moved on.", "lead_id from to");
        yield return Of("lead.assigned", "A lead was given to somebody.", "lead_id assignee");
        yield return Of("lead.note_added", "A note was added to a lead.", "lead_id note author");
    }
}
