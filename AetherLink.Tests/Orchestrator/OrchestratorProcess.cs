using System.Net.Http.Json;

namespace AetherLink.Tests.Orchestrator;

/// <summary>The Orchestrator as a process of its own, so that it can be killed.</summary>
internal sealed class OrchestratorProcess : IDisposable
{
    private readonly ServiceProcess _process;

    private OrchestratorProcess(ServiceProcess process)
    {
        _process = process;
        Client = new() { BaseAddress = process.Address };
        Client.DefaultRequestHeaders.Add("X-User-Roles", "agent");
    }

    public HttpClient Client { get; }

    /// <summary>Returns when it is healthy, and not only degraded: its budgets can be asked for.</summary>
    /// <param name="folder">Its data, and <c>ai-providers.yaml</c>.</param>
    /// <param name="settings">Its environment besides.</param>
    public static async Task<OrchestratorProcess> StartAsync(string folder, params (string Name, string Value)[] settings)
    {
        var process = ServiceProcess.Start("AetherLink.Orchestrator", "orchestrator",
        [
            ("AI_PROVIDERS_FILE", Path.Combine(folder, "ai-providers.yaml")),
            ("DATA_DIR", Path.Combine(folder, "data")),
            ("LOG_LEVEL", "Warning"),
            .. settings,
        ]);
        await process.ReadyAsync(TimeSpan.FromMinutes(3), "{\"status\":\"healthy\"");
        return new(process);
    }

    public Task<HttpResponseMessage> ExtractAsync(string tenant) =>
        Client.PostAsJsonAsync("/orchestrate", new { intent = "extract", tenant_id = tenant, payload = new { raw_text = "I'm Jane Doe" } });

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        Client.Dispose();
        _process.Dispose();
    }
}
