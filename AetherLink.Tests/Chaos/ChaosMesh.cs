using System.Diagnostics;
using System.Runtime.InteropServices;
using AetherLink.Tests.Mesh;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace AetherLink.Tests.Chaos;

/// <summary>A mesh of its own for what kills it, with what an operator does to one: find, signal, start again.</summary>
public sealed class ChaosMesh : MeshFixture
{
    private const int Stop = 19;
    private const int Continue = 18;

    /// <summary>A whole mesh that starts again on two cores, with time to spare.</summary>
    private static readonly TimeSpan StandUpTime = TimeSpan.FromSeconds(90);

    /// <summary>What nothing in the mesh starts again: the healer does not heal itself, nor what is no service of the product.</summary>
    private static readonly string[] Unhealed = ["postgres", "kafka", "auto-heal"];

    private static readonly Dictionary<string, string> Programs = new(StringComparer.Ordinal)
    {
        ["command-center"] = "AetherLink.CommandCenter",
        ["orchestrator"] = "AetherLink.Orchestrator",
        ["auto-heal"] = "AetherLink.AutoHeal",
        ["web"] = "AetherLink.Web",
        ["postgres"] = "postgres",
        ["kafka"] = "Aspire.Hosting.Kafka.Broker",
    };

    private SmallDisk? _disk;
    private Complaints? _complaints;

    /// <summary>What the services have warned of since it was last asked.</summary>
    internal IReadOnlyList<string> TakeComplaints() => _complaints?.Take() ?? [];

    /// <summary>The disk of the Orchestrator's spools, where this machine lets one be mounted.</summary>
    internal SmallDisk SpoolDisk => _disk ?? throw new InvalidOperationException(SmallDisk.WhyNot);

    public string DataOf(string resource) => Path.Combine(Folder, "data", resource);

    public override async Task InitializeAsync()
    {
        if (SmallDisk.WhyNot is null)
        {
            _disk = SmallDisk.Mount(DataOf("orchestrator"));
        }
        await base.InitializeAsync();
        _complaints = new(Application, Services);
    }

    /// <summary>The folder cannot go while something is mounted in it.</summary>
    protected override void Stopped() => _disk?.Dispose();

    /// <summary>
    /// The healer, with limits for somebody who kills a thousand times: it acts within seconds, as often as it must, and the
    /// brake, which would rightly leave a mesh that is down as a whole to a person, is out of reach of the three it heals.
    /// </summary>
    protected override void Change(IDistributedApplicationTestingBuilder builder) => builder
        .CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "auto-heal"))
        .WithEnvironment("AUTOHEAL_INTERVAL_SECONDS", "0.5")
        .WithEnvironment("AUTOHEAL_COOLDOWN_SECONDS", "1")
        .WithEnvironment("AUTOHEAL_BACKOFF_FACTOR", "1")
        .WithEnvironment("AUTOHEAL_HOURLY_LIMIT", "1000")
        .WithEnvironment("AUTOHEAL_FLEET_HOURLY_LIMIT", "3000")
        .WithEnvironment("AUTOHEAL_BRAKE_MINIMUM", "4");

    /// <summary>kill -9, of whatever runs as this resource.</summary>
    public void Kill(string resource)
    {
        foreach (var process in ProcessesOf(resource))
        {
            process.Kill();
        }
    }

    public void Freeze(string resource) => Signal(resource, Stop);

    public void Thaw(string resource) => Signal(resource, Continue);

    /// <summary>The development broker takes <c>down</c> (every connection closed, new ones refused) and <c>up</c> on its standard input.</summary>
    public async Task TellBrokerAsync(string command)
    {
        await using var input = new StreamWriter($"/proc/{ProcessesOf("kafka").Single().Id}/fd/0");
        await input.WriteLineAsync(command);
    }

    /// <summary>
    /// Does what is left to an operator, starts what nobody else does, until everything is healthy again, and whatever else is
    /// waited for.
    /// </summary>
    public async Task StandUpAsync(Func<bool>? also = null)
    {
        using var clients = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var wanting = "";
        try
        {
            await Eventually.True(
                async () =>
                {
                    foreach (var resource in Unhealed.Where(IsOver))
                    {
                        await CommandAsync(resource, KnownResourceCommands.StartCommand);
                    }
                    var healthy = await Task.WhenAll(Services.Select(service => IsHealthyAsync(clients, service)));
                    wanting = string.Join(", ", Services.Where((_, index) => !healthy[index]).Select(service => $"{service} is {StateOf(service)}"));
                    if (wanting.Length == 0 && also?.Invoke() is false)
                    {
                        wanting = "all are healthy, and do not serve";
                    }
                    return wanting.Length == 0;
                },
                StandUpTime);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The mesh does not come back within {StandUpTime.TotalSeconds} s: {wanting}.");
        }
    }

    public string StateOf(string resource) =>
        Application.ResourceNotifications.TryGetCurrentState(resource, out var current) ? current.Snapshot.State?.Text ?? "" : "";

    private bool IsOver(string resource) =>
        StateOf(resource) is var state && (state == KnownResourceStates.Exited || state == KnownResourceStates.Finished || state == KnownResourceStates.FailedToStart);

    private async Task<bool> IsHealthyAsync(HttpClient client, string service)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(Application.GetEndpoint(service, "http"), "/health"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private List<Process> ProcessesOf(string resource) => [.. MeshProcesses.Of(Programs[resource], Folder)];

    private void Signal(string resource, int signal) => ProcessesOf(resource).ForEach(process => _ = Send(process.Id, signal));

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int process, int signal);
}

/// <summary>Nothing else runs beside these: what they wait for is slow enough on two cores.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ChaosCollection : ICollectionFixture<ChaosMesh>
{
    public const string Name = "the mesh that is killed";
}
