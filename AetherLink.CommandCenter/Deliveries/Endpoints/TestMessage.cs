using System.Text;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Deliveries.Bodies;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Deliveries.Endpoints;

/// <summary>What an endpoint is sent to try it. It is no event, and stands in no history.</summary>
internal static class TestMessage
{
    public const string Type = "webhook.test";

    public static Outgoing For(WebhookEndpoint endpoint, string actor)
    {
        var now = endpoint.ReadAt;
        var id = Guid.CreateVersion7(now);
        var stored = new StoredEvent
        {
            Sequence = 0,
            EventId = id.ToString(),
            EventType = Type,
            Source = "command-center",
            TenantId = endpoint.TenantId ?? "default",
            Severity = Severity.Info,
            Timestamp = now,
            ReceivedAt = now,
            Payload = new(Encoding.UTF8.GetBytes(new JsonObject { ["message"] = $"A test, sent by {actor}." }.ToJsonString())),
        };
        return new($"msg_{id:N}", now, endpoint.Id, endpoint.Kind, endpoint.Url, endpoint.Secrets, Body.Of(endpoint.Kind, stored, folded: 0));
    }
}
