using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace AetherLink.LoadGenerator.Running;

/// <summary>A service of the mesh from its Release build output, alone, with the environment that the AppHost would give it.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private Service(ChildProcess process, IPEndPoint address) => (_process, Address) = (process, address);

    public IPEndPoint Address { get; }

    public int ProcessId => _process.Id;

    public static Task<Service> CommandCenterAsync(
        Bench bench, PostgresServer postgres, CancellationToken cancellationToken, Dictionary<string, string>? settings = null) =>
        StartAsync(bench, "AetherLink.CommandCenter", "command-center",
            new(settings ?? []) { ["ConnectionStrings__aetherlink"] = postgres.ConnectionString }, cancellationToken);

    public static Task<Service> OrchestratorAsync(
        Bench bench, Uri provider, CancellationToken cancellationToken, Dictionary<string, string>? settings = null) =>
        StartAsync(bench, "AetherLink.Orchestrator", "orchestrator",
            new(settings ?? [])
            {
                ["AI_PROVIDERS_FILE"] = Path.Combine(bench.Root, "config/ai-providers.yaml"),
                ["PROVIDER_ORDER"] = "summarizer,local",
                ["PROVIDER_SUMMARIZER_URL"] = provider.ToString(),
            },
            cancellationToken);

    /// <summary>The healer, with what it is to watch and how.</summary>
    public static Task<Service> AutoHealAsync(
        Bench bench, PostgresServer postgres, Dictionary<string, string> settings, CancellationToken cancellationToken) =>
        StartAsync(bench, "AetherLink.AutoHeal", "auto-heal",
            new(settings) { ["ConnectionStrings__aetherlink"] = postgres.ConnectionString, ["AUTOHEAL_PULL_FROM_REGISTRY"] = "false" }, cancellationToken);

    /// <summary>The gateway before these, with the pages.</summary>
    public static Task<Service> WebAsync(Bench bench, Service commandCenter, Service orchestrator, Service autoHeal, CancellationToken cancellationToken) =>
        StartAsync(bench, "AetherLink.Web", "web",
            new()
            {
                ["services__command-center__http__0"] = $"http://{commandCenter.Address}",
                ["services__orchestrator__http__0"] = $"http://{orchestrator.Address}",
                ["services__auto-heal__http__0"] = $"http://{autoHeal.Address}",
            },
            cancellationToken);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<Service> StartAsync(
        Bench bench, string project, string resource, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var output = Path.Combine(bench.Root, project, "bin/Release/net10.0");
        var address = new IPEndPoint(IPAddress.Loopback, Ports.Free());
        environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        environment.TryAdd("ASPNETCORE_CONTENTROOT", output);
        environment["ASPNETCORE_URLS"] = $"http://{address}";
        environment["OTEL_SERVICE_NAME"] = resource;
        environment.TryAdd("MESH_KEY", Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N"));
        environment["DATA_DIR"] = Directory.CreateDirectory(
            Path.Combine(bench.Folder, $"{resource}-{Path.GetRandomFileName()[..6]}")).FullName;
        foreach (var (name, value) in bench.ServiceEnvironment)
        {
            environment[name] = value;
        }

        var process = await ChildProcess.StartAsync([Path.Combine(output, project)], environment);
        try
        {
            await UntilReadyAsync(process, address, cancellationToken);
            return new(process, address);
        }
        catch (Exception failure)
        {
            var said = process.Tail;
            await process.DisposeAsync();
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{project} does not start: {said}"), failure);
        }
    }

    private static async Task UntilReadyAsync(ChildProcess process, IPEndPoint address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://{address}/health"), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested && !process.HasExited && waited.Elapsed < TimeSpan.FromSeconds(60))
            {
                // Not listening yet, or too busy with its start to answer.
            }
            if (waited.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException($"http://{address}/health is not well after 60 s.");
            }
            await Task.Delay(100, cancellationToken);
        }
    }
}
