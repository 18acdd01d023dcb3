using System.Diagnostics;
using System.Net.Http.Json;
using AetherLink.Orchestrator.Calls;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Orchestrator;

/// <summary>The Orchestrator as a process of its own, so that it can be killed.</summary>
internal sealed class OrchestratorProcess : IDisposable
{
    private readonly Process _process;

    private OrchestratorProcess(Process process, Uri address)
    {
        _process = process;
        Client = new() { BaseAddress = address };
        Client.DefaultRequestHeaders.Add("X-User-Roles", "agent");
    }

    public HttpClient Client { get; }

    /// <summary>Returns when it answers.</summary>
    /// <param name="folder">Its data, and <c>ai-providers.yaml</c>.</param>
    /// <param name="settings">Its environment besides.</param>
    public static async Task<OrchestratorProcess> StartAsync(string folder, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var start = new ProcessStartInfo("dotnet", [typeof(CallAudit).Assembly.Location.Replace("AetherLink.Tests", "AetherLink.Orchestrator", StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["OTEL_SERVICE_NAME"] = "orchestrator";
        start.Environment["MESH_KEY"] = ToyApp.MeshKey;
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["AI_PROVIDERS_FILE"] = Path.Combine(folder, "ai-providers.yaml");
        start.Environment["DATA_DIR"] = Path.Combine(folder, "data");
        start.Environment["LOG_LEVEL"] = "Warning";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var orchestrator = new OrchestratorProcess(process, address);
        try
        {
            await Eventually.True(orchestrator.IsReadyAsync, TimeSpan.FromMinutes(1), "the Orchestrator is ready");
        }
        catch (TimeoutException)
        {
            orchestrator.Dispose();
            throw;
        }
        return orchestrator;
    }

    public Task<HttpResponseMessage> ExtractAsync(string tenant) =>
        Client.PostAsJsonAsync("/orchestrate", new { intent = "extract", tenant_id = tenant, payload = new { raw_text = "I'm Jane Doe" } });

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Client.GetAsync("/health");
            // Healthy, and not only degraded: its budgets can be asked for.
            return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).StartsWith("{\"status\":\"healthy\"", StringComparison.Ordinal);
        }
        catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
