using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Reading;
using AetherLink.CommandCenter.Deliveries.Replaying;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Deliveries;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(WebhookBody))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(WebhookMade))]
[JsonSerializable(typeof(WebhookChanged))]
[JsonSerializable(typeof(WebhookRemoved))]
[JsonSerializable(typeof(WebhookTested))]
[JsonSerializable(typeof(SecretRotated))]
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(DeliveryDetail))]
[JsonSerializable(typeof(DeliveryStats))]
[JsonSerializable(typeof(Replayed))]
[JsonSerializable(typeof(BulkReplayBody))]
[JsonSerializable(typeof(BulkReplay))]
[JsonSerializable(typeof(ReplayJob))]
[JsonSerializable(typeof(DeliveryFilter))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class DeliveriesJson : JsonSerializerContext
{
    /// <summary>For what is kept in the table.</summary>
    public static DeliveriesJson Wire { get; } = new(new JsonSerializerOptions(Json.Wire));
}
