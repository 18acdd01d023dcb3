using System.Net;
using AetherLink.LoadGenerator.Http;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>Events as services publish them: about 300 bytes, over 20 tenants and 6 types.</summary>
internal static class Samples
{
    private const int Tenants = 20;

    private static readonly string[] Types =
        ["lead.created", "lead.status_changed", "lead.note_added", "ai.provider.used", "service.health.failed", "lead.assigned"];

    private static readonly string[] Severities = ["info", "info", "info", "warning", "info", "error"];

    public static string Event(int number, string? id = null) => $$"""
        {
        {{(id is null ? "" : $"\"event_id\":\"{id}\",")}}"event_type":"{{Types[number % Types.Length]}}","source":"bench-{{number % 4}}",
        "tenant_id":"tenant-{{number % Tenants}}","severity":"{{Severities[number % Severities.Length]}}",
        "payload":{"lead_id":"l-{{number:D8}}","name":"Jane Doe","email":"jane.doe@example.com",
        "company":"Example and Sons","status":"new","intent":"extract-lead","note":"asked for a call back"}
        }
        """.ReplaceLineEndings("");

    /// <summary>Single events, as requests; sent in turn.</summary>
    public static byte[][] Requests(IPEndPoint server, string path) =>
        [.. Enumerable.Range(0, 120).Select(number => RequestBytes.Post(server, path, Event(number)))];

    /// <summary>Batches, as requests; sent in turn.</summary>
    public static byte[][] Batches(IPEndPoint server, string path, int events) =>
        [.. Enumerable.Range(0, 8).Select(batch => RequestBytes.Post(
            server, path, $"[{string.Join(',', Enumerable.Range(batch * events, events).Select(number => Event(number)))}]"))];
}
