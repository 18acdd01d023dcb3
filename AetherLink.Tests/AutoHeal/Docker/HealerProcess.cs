using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.AutoHeal.Docker;

/// <summary>The healer as a process of its own, that can be killed.</summary>
internal sealed class HealerProcess : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly ServiceProcess _process;
    private readonly HttpClient _client;

    private HealerProcess(string folder, ServiceProcess process) =>
        (_folder, _process, _client) = (folder, process, new HttpClient { BaseAddress = process.Address });

    /// <summary>What it wrote to standard output.</summary>
    public IEnumerable<string> Lines => _process.Lines;

    /// <summary>Returns at once.</summary>
    public static HealerProcess Start(string postgres, string folder, string engine, params (string Name, string Value)[] settings) =>
        new(folder, ServiceProcess.Start("AetherLink.AutoHeal", "auto-heal",
        [
            ("ConnectionStrings__aetherlink", postgres),
            ("MESH_KEY", FakeMesh.Key),
            ("DATA_DIR", folder),
            ("DOCKER_HOST", engine),
            ("AUTOHEAL_COOLDOWN_SECONDS", "120"),
            ("AUTOHEAL_INTERVAL_SECONDS", "1"),
            .. settings,
        ]));

    /// <summary>The journal is written when a heal is decided, and before anything is done: that is the moment.</summary>
    public IDisposable KillAtDecision()
    {
        var journal = new FileSystemWatcher(Path.Combine(_folder, "heals"));
        journal.Renamed += (_, _) => _process.Strike();
        journal.EnableRaisingEvents = true;
        return journal;
    }

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    public Task HasEndedAsync() => _process.HasEndedAsync(Soon);

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
        _process.Dispose();
    }
}
