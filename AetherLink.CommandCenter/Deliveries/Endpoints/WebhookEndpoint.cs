using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Deliveries.Endpoints;

/// <summary>Where deliveries go, and which events become one.</summary>
internal sealed record WebhookEndpoint
{
    public required Guid Id { get; init; }

    public long Sequence { get; init; }

    public required EndpointUrl Url { get; init; }

    public required EndpointKind Kind { get; init; }

    /// <summary>Whose events it gets; null for everybody's.</summary>
    public string? TenantId { get; init; }

    public required IReadOnlyList<string> EventTypes { get; init; }

    /// <summary>The least that an event must be.</summary>
    public Severity Severity { get; init; }

    public required SealedSecret Secret { get; init; }

    public SealedSecret? PreviousSecret { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    public bool Enabled { get; init; } = true;

    public string? DisabledReason { get; init; }

    public bool IsConfigured { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public EndpointHealth Health { get; init; } = EndpointHealth.Well;

    public TriageLabel? LastTriage { get; init; }

    public DateTimeOffset? LastFailureAt { get; init; }

    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>When this was read, by Postgres' clock, by which all its times are.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>What it signs with: while a rotation lasts, with both.</summary>
    public SealedSecret[] Secrets => PreviousSecret is { } previous && PreviousUntil > ReadAt ? [Secret, previous] : [Secret];
}

/// <summary>Which events an endpoint gets.</summary>
internal static class EventMatching
{
    public const string DefaultTypes = "ops.alert.*";

    public static bool Matches(WebhookEndpoint endpoint, string tenantId, string eventType, Severity severity) =>
        (endpoint.TenantId is null || endpoint.TenantId == tenantId)
        && severity >= endpoint.Severity
        && endpoint.EventTypes.Any(pattern => Glob.Matches(pattern, eventType));
}
