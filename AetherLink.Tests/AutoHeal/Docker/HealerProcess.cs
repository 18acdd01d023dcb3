using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.AutoHeal.Docker;

/// <summary>The healer as a process of its own, that can be killed.</summary>
internal sealed class HealerProcess : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Built beside the tests, in the same configuration.</summary>
    private static readonly string Program =
        Path.Combine(AppContext.BaseDirectory.Replace("AetherLink.Tests", "AetherLink.AutoHeal", StringComparison.Ordinal), "AetherLink.AutoHeal.dll");

    private readonly string _folder;
    private readonly Process _process;
    private readonly HttpClient _client;

    private HealerProcess(string folder, Process process, int port) =>
        (_folder, _process, _client) = (folder, process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") });

    /// <summary>What it wrote to standard output.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public static HealerProcess Start(string postgres, string folder, string engine, params (string Name, string Value)[] settings)
    {
        var port = FreePort.Find();
        var start = new ProcessStartInfo("dotnet", [Program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["OTEL_SERVICE_NAME"] = "auto-heal",
            ["ConnectionStrings__aetherlink"] = postgres,
            ["MESH_KEY"] = FakeMesh.Key,
            ["DATA_DIR"] = folder,
            ["DOCKER_HOST"] = engine,
            ["AUTOHEAL_COOLDOWN_SECONDS"] = "120",
            ["AUTOHEAL_INTERVAL_SECONDS"] = "1",
        })
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var healer = new HealerProcess(folder, process, port);
        process.OutputDataReceived += (_, line) => healer.Lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return healer;
    }

    /// <summary>The journal is written when a heal is decided, and before anything is done: that is the moment.</summary>
    public IDisposable KillAtDecision()
    {
        var journal = new FileSystemWatcher(Path.Combine(_folder, "heals"));
        journal.Renamed += (_, _) => _process.Kill();
        journal.EnableRaisingEvents = true;
        return journal;
    }

    public void Kill() => _process.Kill();

    public async Task HasEndedAsync()
    {
        using var time = new CancellationTokenSource(Soon);
        await _process.WaitForExitAsync(time.Token);
    }

    public async Task<JsonNode> GetAsync(string path) => (await _client.GetFromJsonAsync<JsonNode>(path))!;

    public async Task<JsonNode?> TargetAsync(string name)
    {
        try
        {
            return (await GetAsync("/autoheal/status"))["targets"]!.AsArray().FirstOrDefault(target => (string?)target!["name"] == name);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task WaitForStateAsync(string name, string state) =>
        Eventually.True(async () => (string?)(await TargetAsync(name))?["state"] == state, Soon, $"{name} is {state}");

    public void Dispose()
    {
        _client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
