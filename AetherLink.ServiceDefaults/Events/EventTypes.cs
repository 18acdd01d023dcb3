namespace AetherLink.ServiceDefaults;

/// <summary>The event types that ship.</summary>
public static class EventTypes
{
    /// <summary>A service outside the mesh took a lease.</summary>
    public const string ServiceRegistered = "service.registered";

    /// <summary>A service left the catalogue.</summary>
    public const string ServiceUnregistered = "service.unregistered";

    /// <summary>A service stopped answering its probe.</summary>
    public const string ServiceHealthFailed = "service.health.failed";

    /// <summary>A service answers its probe again.</summary>
    public const string ServiceHealthRecovered = "service.health.recovered";

    /// <summary>The healer is about to restart something.</summary>
    public const string AutohealAttempted = "autoheal.attempted";

    /// <summary>What was restarted is well again.</summary>
    public const string AutohealSucceeded = "autoheal.succeeded";

    /// <summary>A restart did not help.</summary>
    public const string AutohealFailed = "autoheal.failed";

    /// <summary>The governor did not allow a restart.</summary>
    public const string AutohealSuppressed = "autoheal.suppressed";

    /// <summary>A provider answered at the first try.</summary>
    public const string AiProviderUsed = "ai.provider.used";

    /// <summary>Another provider than the first answered.</summary>
    public const string AiFallbackUsed = "ai.fallback.used";

    /// <summary>No provider answered.</summary>
    public const string AiFallbackFailed = "ai.fallback.failed";

    /// <summary>A provider's circuit opened: it is not asked for a while.</summary>
    public const string AiProviderSuspended = "ai.provider.suspended";

    /// <summary>A provider that was suspended answers again.</summary>
    public const string AiProviderRecovered = "ai.provider.recovered";

    /// <summary>A rule crossed its threshold.</summary>
    public const string OpsAlertRaised = "ops.alert.raised";

    /// <summary>A rule fell below its threshold.</summary>
    public const string OpsAlertResolved = "ops.alert.resolved";

    /// <summary>A delivery was given up.</summary>
    public const string OpsAlertDeliveryFailed = "ops.alert.delivery.failed";

    /// <summary>A series left its usual range.</summary>
    public const string OpsAnomalyDetected = "ops.anomaly.detected";

    /// <summary>A series is back in its usual range.</summary>
    public const string OpsAnomalyResolved = "ops.anomaly.resolved";

    /// <summary>Events beyond their retention were removed.</summary>
    public const string OpsEventsPruned = "ops.events.pruned";

    /// <summary>Somebody took an alert on.</summary>
    public const string OpsAlertAcknowledged = "ops.alert.acknowledged";

    /// <summary>A silence muted an alert.</summary>
    public const string OpsAlertSilenced = "ops.alert.silenced";

    /// <summary>A silence ended, and the alert that it muted is still active.</summary>
    public const string OpsAlertUnsilenced = "ops.alert.unsilenced";

    /// <summary>A silence ends soon.</summary>
    public const string OpsSilenceExpiring = "ops.silence.expiring";

    /// <summary>An endpoint has been failing for long.</summary>
    public const string OpsWebhookWarned = "ops.webhook.warned";

    /// <summary>An endpoint was disabled.</summary>
    public const string OpsWebhookDisabled = "ops.webhook.disabled";

    /// <summary>A service runs another version than before.</summary>
    public const string ServiceVersionChanged = "service.version.changed";

    /// <summary>Too much is down at once; the healer holds back.</summary>
    public const string AutohealBrakeEngaged = "autoheal.brake.engaged";

    /// <summary>The healer goes on.</summary>
    public const string AutohealBrakeReleased = "autoheal.brake.released";

    /// <summary>A changed provider configuration was not taken.</summary>
    public const string AiConfigRejected = "ai.config.rejected";

    /// <summary>A rule has more groups than it keeps windows for, and does not count some events.</summary>
    public const string OpsAlertOverflowed = "ops.alert.overflowed";

    /// <summary>A delivery was sent again on request.</summary>
    public const string DeliveryReplayed = "delivery.replayed";

    /// <summary>A replay of many is over.</summary>
    public const string OpsReplayFinished = "ops.replay.finished";

    /// <summary>A rule leaves an endpoint alone for a time.</summary>
    public const string AutohealCooldownStarted = "autoheal.cooldown.started";

    /// <summary>An endpoint's cooldown was ended by hand.</summary>
    public const string AutohealCooldownCleared = "autoheal.cooldown.cleared";

    /// <summary>Somebody asked for more than they may.</summary>
    public const string SecurityRbacDenied = "security.rbac.denied";

    /// <summary>A lead was made.</summary>
    public const string LeadCreated = "lead.created";

    /// <summary>A lead moved on.</summary>
    public const string LeadStatusChanged = "lead.status_changed";

    /// <summary>A lead was given to somebody.</summary>
    public const string LeadAssigned = "lead.assigned";

    /// <summary>A lead got a note.</summary>
    public const string LeadNoteAdded = "lead.note_added";

    /// <summary>An activity was summarised.</summary>
    public const string AiSummaryCreated = "ai.summary.created";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        ServiceRegistered, ServiceUnregistered, ServiceHealthFailed, ServiceHealthRecovered, AutohealAttempted,
        AutohealSucceeded, AutohealFailed, AutohealSuppressed, AiProviderUsed, AiFallbackUsed, AiFallbackFailed,
        AiProviderSuspended, AiProviderRecovered,
        OpsAlertRaised, OpsAlertResolved, OpsAlertOverflowed, OpsAlertDeliveryFailed, OpsAnomalyDetected, OpsAnomalyResolved,
        OpsEventsPruned, OpsAlertAcknowledged, OpsAlertSilenced, OpsAlertUnsilenced, OpsSilenceExpiring, OpsWebhookWarned,
        OpsWebhookDisabled, OpsReplayFinished, ServiceVersionChanged, AutohealBrakeEngaged, AutohealBrakeReleased, AiConfigRejected,
        DeliveryReplayed, AutohealCooldownStarted, AutohealCooldownCleared, SecurityRbacDenied, LeadCreated, LeadStatusChanged, LeadAssigned,
        LeadNoteAdded, AiSummaryCreated,
    ];
}
