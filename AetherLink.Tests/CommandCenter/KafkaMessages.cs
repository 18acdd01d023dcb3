using System.Text;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using Confluent.Kafka;

namespace AetherLink.Tests.CommandCenter;

/// <summary>What is put into the topics, and what is found there.</summary>
internal static class KafkaMessages
{
    public static string Envelope(string tenant, string id) =>
        $$$"""{"event_type":"lead.created","source":"tests","event_id":"{{{id}}}","tenant_id":"{{{tenant}}}","payload":{}}""";

    /// <summary>Once each: what was put aside and not yet committed when its consumer's group changed is put aside again.</summary>
    public static List<Message<string, string>> Dead(this KafkaBroker kafka, string tenant) =>
        [.. kafka.Read(Topics.DeadLetter, 1_000, TimeSpan.FromSeconds(3)).Where(message => message.Key == tenant).DistinctBy(message => message.Value)];

    public static List<string> RelayedIds(this KafkaBroker kafka, string tenant, int count) =>
        [.. kafka.Relayed(tenant, count).Select(message => (string)JsonNode.Parse(message.Value)!["event_id"]!)];

    public static IEnumerable<Message<string, string>> Relayed(this KafkaBroker kafka, string tenant, int count) =>
        kafka.Read(Topics.OpsEvents, count + 200, TimeSpan.FromSeconds(2)).Where(message => message.Key == tenant);

    public static string Header(this Message<string, string> message, string name) =>
        message.Headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : "";
}
