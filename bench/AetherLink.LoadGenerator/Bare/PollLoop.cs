using System.Net.Http.Json;
using System.Text.Json;
using AetherLink.LoadGenerator.Running;

namespace AetherLink.LoadGenerator.Bare;

/// <summary>
/// What docker-autoheal does, in a process of its own: every 5 s it asks the engine for what is unhealthy, and restarts one after
/// the other. It keeps no count, and verifies nothing.
/// </summary>
internal sealed class PollLoop : IAsyncDisposable
{
    public const string Command = "poll-loop";

    /// <summary>Its defaults: AUTOHEAL_INTERVAL and AUTOHEAL_DEFAULT_STOP_TIMEOUT.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int SecondsBeforeKill = 10;

    private const string Unhealthy = """{"health":["unhealthy"],"label":["aetherlink.autoheal=true"]}""";

    private readonly ChildProcess _process;

    private PollLoop(ChildProcess process) => _process = process;

    public int ProcessId => _process.Id;

    public static async Task<PollLoop> StartAsync(string socket) =>
        new(await ChildProcess.StartAsync([Environment.ProcessPath!, Command, socket]));

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Runs it in this process, until that is ended.</summary>
    public static async Task RunAsync(string socket)
    {
        using var engine = UnixSocket.Client(socket);
        while (true)
        {
            foreach (var container in await engine.GetFromJsonAsync<JsonElement[]>($"containers/json?filters={Uri.EscapeDataString(Unhealthy)}") ?? [])
            {
                var path = $"containers/{container.GetProperty("Id").GetString()}/restart?t={SecondsBeforeKill}";
                using var answer = await engine.PostAsync(new Uri(path, UriKind.Relative), null);
            }
            await Task.Delay(Interval);
        }
    }
}
