using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator.Calls;

/// <summary>
/// Tells the mesh of each call by an event, which is made of the call's record as that leaves the spool: the call itself does not pay
/// for it, and it is lost no more than the record. After a crash some are told again, under the same id, and are stored once.
/// </summary>
internal sealed class CallEvents(OpsEventPublisher events, ILogger<CallEvents> logger) : ISpoolFollower
{
    /// <summary>What the event says of the record.</summary>
    private static readonly string[] Told = ["intent", "provider", "model", "latency_ms", "attempts", "outcome"];

    public void See(ReadOnlySpan<byte> value)
    {
        try
        {
            if (Event(JsonNode.Parse(value)!.AsObject()) is { } e) events.TryPublish(e);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            Log.CallNotTold(logger, exception);
        }
    }

    private static OpsEvent? Event(JsonObject record)
    {
        var outcome = Text(record, "outcome");
        // Nobody used a provider, and nobody failed.
        if (outcome is not (Outcomes.Success or Outcomes.Failed) || record["cached"] is not null) return null;
        var attempts = record["attempts"]!.AsArray();
        if (record["gists"] is JsonArray gists)
        {
            foreach (var (attempt, gist) in attempts.Zip(gists)) attempt!["error"] = gist?.DeepClone();
        }
        var fellBack = attempts is [{ } first, ..] && (string?)first["outcome"] != Outcomes.Success;
        var (type, severity) = (outcome, fellBack) switch
        {
            (Outcomes.Failed, _) => (EventTypes.AiFallbackFailed, Severities.Error),
            (_, true) => (EventTypes.AiFallbackUsed, Severities.Warning),
            _ => (EventTypes.AiProviderUsed, Severities.Info),
        };
        return new()
        {
            EventType = type,
            Severity = severity,
            TenantId = Text(record, "tenant_id")!,
            EventId = Text(record, "call_id")!,
            TraceId = Text(record, "trace_id"),
            Timestamp = record["timestamp"]!.GetValue<DateTimeOffset>(),
            Payload = new JsonObject(Told.Select(name =>
            {
                record.Remove(name, out var node);
                return KeyValuePair.Create(name, node);
            })),
        };
    }

    private static string? Text(JsonObject record, string name) => (string?)record[name];
}
