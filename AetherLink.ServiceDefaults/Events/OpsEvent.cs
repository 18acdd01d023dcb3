using System.Text.Json.Nodes;

namespace AetherLink.ServiceDefaults;

/// <summary>The event envelope: what is published, and what goes over the wire.</summary>
public sealed record OpsEvent
{
    /// <summary>One of <see cref="EventTypes"/>, or a registered type.</summary>
    public required string EventType { get; init; }

    /// <summary>One of <see cref="Severities"/>.</summary>
    public string Severity { get; init; } = Severities.Info;

    /// <summary>Whose event it is.</summary>
    public string TenantId { get; init; } = "default";

    /// <summary>What happened, as the type's schema says.</summary>
    public JsonObject Payload { get; init; } = [];

    /// <summary>Makes it idempotent: the same id is stored once.</summary>
    public string EventId { get; init; } = Guid.CreateVersion7().ToString();

    /// <summary>When it happened; the publisher fills it in.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>Who says so; the publisher's resource name when absent.</summary>
    public string? Source { get; init; }

    /// <summary>The trace it belongs to; the current one when absent.</summary>
    public string? TraceId { get; init; }
}

/// <summary>How bad an event is.</summary>
public static class Severities
{
    /// <summary>Nobody needs to act.</summary>
    public const string Info = "info";

    /// <summary>Somebody may want to look.</summary>
    public const string Warning = "warning";

    /// <summary>Something failed.</summary>
    public const string Error = "error";

    /// <summary>Somebody has to act now.</summary>
    public const string Critical = "critical";

    /// <summary>From the mildest to the worst.</summary>
    public static IReadOnlyList<string> All { get; } = [Info, Warning, Error, Critical];
}

/// <summary>The topics of the mesh.</summary>
public static class Topics
{
    /// <summary>What the services did: values are event envelopes, keys are tenants.</summary>
    public const string OpsEvents = "aetherlink.ops.event.published";

    /// <summary>Every AI call, whatever its end.</summary>
    public const string OrchestratorAudit = "ai-orchestrator-audit";

    /// <summary>What people changed at services beside the Command Center, which keeps the operator audit.</summary>
    public const string OperatorAudit = "aetherlink.ops.audit.recorded";

    /// <summary>Events that could not be stored.</summary>
    public const string DeadLetter = "aetherlink.ops.event.dead-letter";
}
