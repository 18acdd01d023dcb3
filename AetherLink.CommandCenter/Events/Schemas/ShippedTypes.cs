using AetherLink.ServiceDefaults;
using Property = (string Name, AetherLink.CommandCenter.Events.Schemas.PropertyType Type, string Description);

namespace AetherLink.CommandCenter.Events.Schemas;

/// <summary>The event types that ship. A name with a star is required: what the event is about.</summary>
internal static class ShippedTypes
{
    private const PropertyType Text = PropertyType.Text;
    private const PropertyType Number = PropertyType.Number;
    private const PropertyType Integer = PropertyType.Integer;
    private const PropertyType Boolean = PropertyType.Boolean;
    private const PropertyType List = PropertyType.Array;

    public static IReadOnlyList<EventSchema> All { get; } = [.. OfTheMesh(), .. OfHealing(), .. OfTheAi(), .. OfOperations(), .. OfLeads()];

    private static EventSchema Of(string type, string description, params IEnumerable<Property> properties)
    {
        var all = properties.ToList();
        return new(
            type, 1,
            [.. all.Where(one => one.Name.EndsWith('*')).Select(one => one.Name[..^1])],
            all.ToDictionary(one => one.Name.TrimEnd('*'), one => new PropertySchema(one.Type, one.Description), StringComparer.Ordinal),
            description);
    }

    private static IEnumerable<EventSchema> OfTheMesh()
    {
        Property name = ("name*", Text, "The service.");
        Property url = ("url", Text, "Where it is.");
        Property[] health =
        [
            name, url,
            ("status", Text, "up or down."),
            ("error", Text, "What its probe met."),
            ("since", Text, "When it was noticed."),
        ];
        yield return Of(EventTypes.ServiceRegistered, "A service joined the catalogue.", name, url,
            ("health_url", Text, "What is probed."), ("version", Text, "The version that it says it has."));
        yield return Of(EventTypes.ServiceUnregistered, "A service left the catalogue.", name, url, ("reason", Text, "Why."));
        yield return Of(EventTypes.ServiceHealthFailed, "A service stopped answering its probe.", health);
        yield return Of(EventTypes.ServiceHealthRecovered, "A service answers its probe again.", health);
        yield return Of(EventTypes.ServiceVersionChanged, "A service answers with another version.", name,
            ("from", Text, "The version before."), ("to", Text, "The version now."));
        yield return Of(EventTypes.SecurityRbacDenied, "A caller was refused.",
            ("path", Text, "What was asked for."), ("method", Text, "How."), ("caller", Text, "Who asked."),
            ("roles", Text, "The roles that the caller had."), ("status", Integer, "401 or 403."), ("service", Text, "Who refused."),
            ("client_ip", Text, "From where it was asked."), ("count", Integer, "How often, since the one before that is like it."),
            ("first_at", Text, "The first of them."), ("last_at", Text, "The last of them."));
    }

    private static IEnumerable<EventSchema> OfHealing()
    {
        Property[] heal =
        [
            ("service*", Text, "What is healed."),
            ("kind", Text, "container or resource."),
            ("action", Text, "What was done."),
            ("reason", Text, "Why; for what was held back, which rule held it."),
            ("msg", Text, "How it ended."),
            ("duration_ms", Number, "How long it took."),
            ("verified", Boolean, "Whether it was seen healthy afterwards."),
            ("heal_id", Text, "The heal in the history."),
            ("requested_by", Text, "Who asked for it, when a person did."),
            ("forced", Boolean, "Whether that person overrode the governor."),
            ("escalated", Boolean, "The allowed restarts did not help: the healer stops, and a person is needed."),
        ];
        Property[] brake =
        [
            ("down", Integer, "Targets that are down."), ("total", Integer, "Targets that count."), ("reason", Text, "What follows from it."),
        ];
        yield return Of(EventTypes.AutohealAttempted, "A restart was issued.", heal);
        yield return Of(EventTypes.AutohealSucceeded, "A restart was verified: the service is healthy again.", heal);
        yield return Of(EventTypes.AutohealFailed, "A restart failed, or did not make the service healthy.", heal);
        yield return Of(EventTypes.AutohealSuppressed, "The governor held a restart back.", heal);
        yield return Of(EventTypes.AutohealBrakeEngaged, "Much of the mesh is down: nothing is restarted.", brake);
        yield return Of(EventTypes.AutohealBrakeReleased, "Restarts are allowed again.", brake);
        yield return Of(EventTypes.AutohealCooldownStarted, "A healing rule leaves an endpoint alone for a time.",
            ("endpoint_url*", Text, "The endpoint, masked."), ("webhook_id", Text, "The endpoint's id."), ("until", Text, "Until when."),
            ("reason", Text, "Which rule it was."));
        yield return Of(EventTypes.AutohealCooldownCleared, "An endpoint's cooldown was ended by hand.",
            ("endpoint_url*", Text, "The endpoint, masked."), ("webhook_id", Text, "The endpoint's id."), ("actor", Text, "Who ended it."));
    }

    private static IEnumerable<EventSchema> OfTheAi()
    {
        Property[] call =
        [
            ("intent*", Text, "What was asked for."),
            ("provider", Text, "Who answered."),
            ("model", Text, "With which model."),
            ("latency_ms", Number, "How long it took in all."),
            ("attempts", List, "The providers that were tried, in order, each with its outcome."),
            ("outcome", Text, "How the call ended."),
        ];
        yield return Of(EventTypes.AiProviderUsed, "The first provider of the chain answered.", call);
        yield return Of(EventTypes.AiFallbackUsed, "A later provider of the chain answered.", call);
        yield return Of(EventTypes.AiFallbackFailed, "No provider of the chain answered.", call);
        yield return Of(EventTypes.AiProviderSuspended, "A provider failed so that it is not asked for a while.",
            ("provider*", Text, "The provider."), ("model", Text, "Its model."), ("error_class", Text, "The class of its last fault."),
            ("error", Text, "What it said."), ("until", Text, "When it is tried again."));
        yield return Of(EventTypes.AiProviderRecovered, "A provider that was suspended answers again.",
            ("provider*", Text, "The provider."), ("model", Text, "Its model."));
        yield return Of(EventTypes.AiConfigRejected, "A changed provider configuration is wrong; the old one stays.",
            ("file*", Text, "The file."), ("faults*", List, "What is wrong with it, each with its place."));
        yield return Of(EventTypes.AiSummaryCreated, "A summary was made.",
            ("subject", Text, "Of what."), ("summary", Text, "The summary."));
    }

    private static IEnumerable<EventSchema> OfOperations()
    {
        Property[] alert =
        [
            ("alert_id*", Text, "The alert."),
            ("rule_id*", Text, "The rule that raised it."),
            ("rule_name", Text, "The rule's name."),
            ("alert_severity", Text, "How bad the rule says it is."),
            ("tenant_id", Text, "Whose window it is."),
            ("group", Text, "The value that the window is of, for a rule that groups."),
            ("matched_count", Integer, "Events that matched: of the window that raised it, and since."),
            ("threshold", Integer, "Events that raise it."),
            ("window_seconds", Number, "How long the window is."),
            ("raised_at", Text, "When it was raised."),
            ("resolved_at", Text, "When it was over."),
            ("silenced_by", Text, "The silence that mutes it."),
            ("event_ids", List, "Up to ten of the events in the window."),
        ];
        Property[] webhook =
        [
            ("webhook_id*", Text, "The endpoint."), ("url", Text, "Its address, masked."), ("failing_since", Text, "Since when it fails."),
            ("reason", Text, "What its receiver answers, or why it was switched off."),
        ];
        Property[] anomaly =
        [
            ("incident_id*", Text, "The anomaly."), ("group_id", Text, "The first of those that began near each other."),
            ("since", Text, "When it began."), ("series*", Text, "What was measured."), ("severity", Text, "How bad it is."),
            ("observed", Number, "What was seen."), ("expected", Number, "What is usual."), ("score", Number, "How far it is off."),
            ("message", Text, "The same in words."),
        ];
        yield return Of(EventTypes.OpsAlertRaised, "A rule's threshold was crossed.", alert);
        yield return Of(EventTypes.OpsAlertResolved, "A rule's window is below its threshold again.",
            alert.Append(("resolved_reason", Text, "passed, or rule_removed_or_disabled.")));
        yield return Of(EventTypes.OpsAlertAcknowledged, "Somebody took an alert.",
            [.. alert, ("acknowledged_by", Text, "Who."), ("acknowledged_at", Text, "When.")]);
        yield return Of(EventTypes.OpsAlertSilenced, "A silence muted an alert.",
            [.. alert, ("silence_id", Text, "The silence."), ("silence_reason", Text, "Why it was made."), ("silence_author", Text, "By whom.")]);
        yield return Of(EventTypes.OpsAlertUnsilenced, "A silence ended, and the alert that it muted is still active.", alert);
        yield return Of(EventTypes.OpsAlertOverflowed, "A rule has more groups of a tenant than it keeps windows for: some events are not counted.",
            ("rule_id*", Text, "The rule."), ("rule_name", Text, "The rule's name."), ("tenant_id", Text, "Whose groups they are."),
            ("group_by", Text, "What the rule groups by."), ("threshold", Integer, "Events that raise an alert."),
            ("window_seconds", Number, "How long the window is."), ("windows_kept", Integer, "How many groups of the tenant are counted at a time."));
        yield return Of(EventTypes.OpsAlertDeliveryFailed, "A notification could not be delivered.",
            ("delivery_id*", Text, "The delivery."), ("webhook_id", Text, "The endpoint's id."), ("endpoint", Text, "Where to, masked."),
            ("event_id", Text, "The event that it told of."),
            ("rule_id", Text, "The rule of the alert that it told of."), ("error", Text, "What the last attempt met."));
        yield return Of(EventTypes.OpsSilenceExpiring, "A silence ends within the hour.",
            ("silence_id*", Text, "The silence."), ("tenant_id", Text, "Whose alerts it mutes; all, if absent."),
            ("starts_at", Text, "When it began."), ("ends_at", Text, "When it ends."), ("reason", Text, "Why it was made."), ("author", Text, "By whom."));
        yield return Of(EventTypes.OpsWebhookWarned, "A webhook has been failing for days.", webhook);
        yield return Of(EventTypes.OpsWebhookDisabled, "A webhook failed for too long, and was switched off.", webhook);
        yield return Of(EventTypes.DeliveryReplayed, "A delivery was sent again.",
            ("delivery_id*", Text, "The original."), ("new_id", Text, "The one that was made of it."), ("actor", Text, "Who asked for it."),
            ("job_id", Text, "The replay that it is part of."));
        yield return Of(EventTypes.OpsReplayFinished, "A replay of many is over.",
            ("job_id*", Text, "The replay."), ("actor", Text, "Who asked for it."), ("total", Integer, "How many it found at its start."),
            ("replayed", Integer, "How many it sent again."), ("skipped", Integer, "How many it could not: on their way by then, or their webhook off."));
        yield return Of(EventTypes.OpsAnomalyDetected, "A series left its usual range.", anomaly);
        yield return Of(EventTypes.OpsAnomalyResolved, "A series is back in its usual range.", anomaly);
        yield return Of(EventTypes.OpsEventsPruned, "Events beyond their retention were deleted.",
            ("before*", Text, "Those that were received before it."), ("events*", Integer, "How many."),
            ("tenant_id", Text, "Whose, for a tenant with a retention of its own."), ("retention_days", Integer, "The retention."));
    }

    // A lead comes from outside of the mesh, with what its source has of it.
    private static IEnumerable<EventSchema> OfLeads()
    {
        Property lead = ("lead_id*", Text, "The lead.");
        yield return Of(EventTypes.LeadCreated, "A lead came in.",
            ("lead_id", Text, "The lead, if it has an id already."), ("name", Text, "Who it is."), ("email", Text, "The address."),
            ("company", Text, "Where they work."), ("phone", Text, "The number."), ("status", Text, "Where it stands."));
        yield return Of(EventTypes.LeadStatusChanged, "A lead moved on.", lead, ("from", Text, "The status before."), ("to", Text, "The status now."));
        yield return Of(EventTypes.LeadAssigned, "A lead was given to somebody.", lead, ("assignee", Text, "To whom."));
        yield return Of(EventTypes.LeadNoteAdded, "A note was added to a lead.", lead, ("note", Text, "The note."), ("author", Text, "By whom."));
    }
}
