using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Replaying;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Deliveries;

/// <summary>The events that tell of deliveries, made to be written in the transaction that they tell of.</summary>
internal sealed class DeliveryEvents(OwnDrafts drafts)
{
    /// <summary>Null for a delivery that told of a failed delivery itself: two dead endpoints would otherwise keep each other busy.</summary>
    public EventDraft? GivenUp(Attempt attempt) =>
        GivenUp(attempt.Claim.DeliveryId, attempt.Claim.Notice, attempt.Claim.Endpoint, attempt.Claim.Message.Url, attempt.Outcome.Detail);

    /// <inheritdoc cref="GivenUp(Attempt)" />
    public EventDraft? GivenUp(Guid delivery, ClaimNotice notice, Guid endpoint, EndpointUrl url, string? why) =>
        notice.EventType == EventTypes.OpsAlertDeliveryFailed
            ? null
            : Draft(EventTypes.OpsAlertDeliveryFailed, Severity.Error, notice.TenantId, new JsonObject
            {
                ["delivery_id"] = delivery.ToString(),
                ["webhook_id"] = endpoint.ToString(),
                ["endpoint"] = url.Masked,
                ["event_id"] = notice.EventId,
                ["rule_id"] = notice.RuleId,
                ["error"] = why,
            });

    public EventDraft Warned(WebhookEndpoint endpoint, EndpointHealth health) =>
        Draft(EventTypes.OpsWebhookWarned, Severity.Warning, endpoint.TenantId, Of(endpoint, health));

    public EventDraft Disabled(WebhookEndpoint endpoint, EndpointHealth health, string reason)
    {
        var payload = Of(endpoint, health);
        payload["reason"] = reason;
        return Draft(EventTypes.OpsWebhookDisabled, Severity.Error, endpoint.TenantId, payload);
    }

    public EventDraft Replayed(Guid deliveryId, Guid newId, string tenantId, string actor, Guid? job)
    {
        var payload = new JsonObject
        {
            ["delivery_id"] = deliveryId.ToString(),
            ["new_id"] = newId.ToString(),
            ["actor"] = actor,
        };
        if (job is { } id)
        {
            payload["job_id"] = id.ToString();
        }
        return Draft(EventTypes.DeliveryReplayed, Severity.Info, tenantId, payload);
    }

    /// <summary>The end of a replay of many. How far it is by then is told by the events of what it sends again.</summary>
    public EventDraft ReplayFinished(ReplayJob job) =>
        Draft(EventTypes.OpsReplayFinished, Severity.Info, job.TenantId, new JsonObject
        {
            ["job_id"] = job.Id.ToString(),
            ["actor"] = job.RequestedBy,
            ["total"] = job.Total,
            ["replayed"] = job.Replayed,
            ["skipped"] = job.Skipped,
        });

    public EventDraft CooldownCleared(WebhookEndpoint endpoint, string actor) =>
        Draft(EventTypes.AutohealCooldownCleared, Severity.Info, endpoint.TenantId, new JsonObject
        {
            ["endpoint_url"] = endpoint.Url.Masked,
            ["webhook_id"] = endpoint.Id.ToString(),
            ["actor"] = actor,
        });

    public EventDraft CoolingDown(WebhookEndpoint endpoint, DateTimeOffset until, string reason) =>
        Draft(EventTypes.AutohealCooldownStarted, Severity.Warning, endpoint.TenantId, new JsonObject
        {
            ["endpoint_url"] = endpoint.Url.Masked,
            ["webhook_id"] = endpoint.Id.ToString(),
            ["until"] = until.UtcDateTime,
            ["reason"] = reason,
        });

    private static JsonObject Of(WebhookEndpoint endpoint, EndpointHealth health) => new()
    {
        ["webhook_id"] = endpoint.Id.ToString(),
        ["url"] = endpoint.Url.Masked,
        ["failing_since"] = health.FailingSince is { } since ? JsonValue.Create(since.UtcDateTime) : null,
    };

    private EventDraft Draft(string type, Severity severity, string? tenantId, JsonObject payload) =>
        drafts.Make(type, severity, payload, tenantId) ?? throw new InvalidOperationException($"The own event {type} is wrong.");
}
