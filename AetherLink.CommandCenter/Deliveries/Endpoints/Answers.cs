using System.ComponentModel;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Failures;

namespace AetherLink.CommandCenter.Deliveries.Endpoints;

/// <summary>The body that makes or changes an endpoint. What a change leaves out stays as it is: a URL is not shown again.</summary>
internal sealed record WebhookBody
{
    [Description("Where deliveries go: http or https. Required of a new one.")]
    public string? Url { get; init; }

    [Description("standard, slack, teams or discord; guessed from the URL, if absent.")]
    public string? Kind { get; init; }

    [Description("Whose events it gets; the caller's tenant, if absent, and everybody's, if the caller has none.")]
    public string? TenantId { get; init; }

    [Description("Event types, with * for any text; ops.alert.*, if absent.")]
    public IReadOnlyList<string>? EventTypes { get; init; }

    [Description("The least that an event must be: info, warning, error or critical; info, if absent.")]
    public string? Severity { get; init; }

    [Description("whsec_ and the base64 of 24 to 64 bytes; made, if absent.")]
    public string? Secret { get; init; }

    public bool? Enabled { get; init; }
}

/// <summary>An endpoint as it is shown: without its secret, and its URL without its path.</summary>
internal sealed record WebhookView(
    Guid Id, string Url, EndpointKind Kind, string? TenantId, IReadOnlyList<string> EventTypes, Severity Severity, bool Enabled, string? DisabledReason,
    bool Configured, DateTimeOffset? PreviousSecretUntil, int Failures, DateTimeOffset? FailingSince, DateTimeOffset? CooldownUntil, string? CooldownReason,
    DateTimeOffset? LastSuccessAt, DateTimeOffset? LastFailureAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static WebhookView Of(WebhookEndpoint endpoint) => new(
        endpoint.Id, endpoint.Url.Masked, endpoint.Kind, endpoint.TenantId, endpoint.EventTypes, endpoint.Severity, endpoint.Enabled,
        endpoint.DisabledReason, endpoint.IsConfigured, endpoint.PreviousUntil > endpoint.ReadAt ? endpoint.PreviousUntil : null, endpoint.Health.Failures,
        endpoint.Health.FailingSince, endpoint.Health.CooldownUntil > endpoint.ReadAt ? endpoint.Health.CooldownUntil : null,
        endpoint.Health.CooldownUntil > endpoint.ReadAt ? endpoint.Health.CooldownReason : null, endpoint.LastSuccessAt, endpoint.LastFailureAt,
        endpoint.CreatedAt, endpoint.UpdatedAt);
}

internal sealed record WebhookList(string Status, int Count, string? NextCursor, IReadOnlyList<WebhookView> Webhooks);

/// <summary>A new endpoint; a secret that was made here is shown this once.</summary>
internal sealed record WebhookMade(string Status, WebhookView Webhook, string? Secret);

internal sealed record WebhookChanged(string Status, WebhookView Webhook);

internal sealed record WebhookRemoved(string Status, Guid Id);

internal sealed record SecretRotated(string Status, Guid Id, string Secret, DateTimeOffset PreviousValidUntil);

/// <summary>What came of a test: <c>delivered</c> or <c>failed</c>.</summary>
internal sealed record WebhookTested(string Status, Guid Id, AttemptView Attempt);

/// <summary>An attempt as it is shown.</summary>
internal sealed record AttemptView(
    int Number, DateTimeOffset At, double DurationMs, int? HttpStatus, string? Error, Fault? Fault, TriageLabel? Triage, string? ResponseHead, bool LeaseLost)
{
    /// <summary>What the failure is, more narrowly than its label says.</summary>
    public FailureCause? Cause { get; init; }

    public static AttemptView Of(Outcome outcome) => new(
        1, outcome.StartedAt, Math.Round(outcome.Duration.TotalMilliseconds, 1), outcome.Status, outcome.Detail, Faults.Of(outcome.Error),
        outcome.Triage?.Label, outcome.ResponseHead, LeaseLost: false)
    {
        Cause = outcome.Diagnosis?.Cause,
    };
}
