using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Orchestrator;

/// <summary>A chain of two models, hedged as a test says, and a question to it.</summary>
internal static class Hedged
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static readonly object Body = new { intent = "extract", tenant_id = "acme", payload = new { raw_text = "I'm Jane Doe" } };

    public static async Task<JsonNode> HealthAsync(OrchestratorApp app) => (await app.Client.GetFromJsonAsync<JsonNode>("/providers/health"))!;

    public static async Task<JsonNode> AskAsync(OrchestratorApp app, bool streams)
    {
        if (streams) return (await AnswerStream.AskAsync(app.Client, Body)).Data!;
        using var response = await app.PostAsync(Body);
        return await OrchestratorApp.ReadAsync(response);
    }

    public static async Task<OrchestratorApp> StartAsync(string first, string second, string hedge, int timeoutMs = 10_000, string budget = "")
    {
        var app = await OrchestratorApp.StartAsync($$"""
            version: 1
            routing: { {{hedge}} }
            {{budget}}
            providers:
              - {name: first, type: ollama, model: m, url: "{{first}}", priority: 1, timeout_ms: {{timeoutMs}}, capabilities: [extract]}
              - {name: second, type: ollama, model: m, url: "{{second}}", priority: 2, timeout_ms: {{timeoutMs}}, capabilities: [extract]}
              - {name: local, type: local, priority: 3, capabilities: [extract]}
            """);
        return budget.Length > 0 ? await app.ReadyToSpendAsync(4_000) : app;
    }
}
