using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using AetherLink.Tests.Mesh;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace AetherLink.Tests.Chaos;

/// <summary>A mesh of its own for what kills it, with what an operator does to one: find, signal, start again.</summary>
public class ChaosMesh : MeshFixture
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

    private readonly ConcurrentDictionary<string, byte> _killed = new();
    private readonly ConcurrentQueue<string> _deaths = new();
    private readonly ConcurrentBag<int> _frozen = [];
    private readonly Dictionary<string, SmallDisk> _disks = new(StringComparer.Ordinal);
    private Complaints? _complaints;
    private long _brokerDied;

    /// <summary>What the services have warned of since it was last asked.</summary>
    internal IReadOnlyList<string> TakeComplaints() => _complaints?.Take() ?? [];

    /// <summary>What has ended since it was last asked, and nobody had killed.</summary>
    internal IReadOnlyList<string> TakeDeaths()
    {
        string[] deaths = [.. _deaths];
        _deaths.Clear();
        return deaths;
    }

    /// <summary>
    /// When the broker's process was killed last. It keeps nothing: AI calls that were begun before it are promised to nobody any more.
    /// </summary>
    internal long BrokerDied => Volatile.Read(ref _brokerDied);

    /// <summary>The disk of a service's spools and journals, where this machine lets one be mounted.</summary>
    internal SmallDisk DiskOf(string service) => _disks.GetValueOrDefault(service) ?? throw new InvalidOperationException(SmallDisk.WhyNot);

    public string DataOf(string resource) => Path.Combine(Folder, "data", resource);

    public override async Task InitializeAsync()
    {
        if (SmallDisk.WhyNot is null)
        {
            foreach (var service in Services.Where(service => service != "web"))
            {
                _disks[service] = SmallDisk.Mount(DataOf(service));
            }
        }
        await base.InitializeAsync();
        _complaints = new(Application, Services);
    }

    /// <summary>The folder cannot go while something is mounted in it.</summary>
    protected override void Stopped()
    {
        foreach (var disk in _disks.Values)
        {
            disk.Dispose();
        }
    }

    /// <summary>
    /// The healer, with limits for somebody who kills a thousand times: it acts within seconds, as often as it must, and the
    /// brake, which would rightly leave a mesh that is down as a whole to a person, is out of reach of the three it heals.
    /// </summary>
    protected override Task ChangeAsync(IDistributedApplicationTestingBuilder builder)
    {
        // A campaign measures what the services do about a killed Postgres, and starts it again itself.
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "auto-heal"))
            .WithEnvironment("AUTOHEAL_SERVICES", """["command-center","orchestrator","web"]""")
            .WithEnvironment("AUTOHEAL_HEALTH_ENDPOINTS", "{}")
            .WithEnvironment("AUTOHEAL_DEPENDENCIES", "{}")
            .WithEnvironment("AUTOHEAL_INTERVAL_SECONDS", "0.5")
            .WithEnvironment("AUTOHEAL_COOLDOWN_SECONDS", "1")
            .WithEnvironment("AUTOHEAL_BACKOFF_FACTOR", "1")
            .WithEnvironment("AUTOHEAL_HOURLY_LIMIT", "1000")
            .WithEnvironment("AUTOHEAL_FLEET_HOURLY_LIMIT", "3000")
            .WithEnvironment("AUTOHEAL_BRAKE_MINIMUM", "4");
        return Task.CompletedTask;
    }

    /// <summary>kill -9, of whatever runs as this resource; false when nothing does.</summary>
    public bool Kill(string resource)
    {
        var processes = ProcessesOf(resource);
        if (processes.Count == 0)
        {
            return false;
        }
        _killed[resource] = 0;
        processes.ForEach(process => process.Kill());
        Kills.Add();
        if (resource == "kafka")
        {
            // What is begun from here on is in no broker that could die of it.
            processes.ForEach(process => process.WaitForExit(TimeSpan.FromSeconds(5)));
            Volatile.Write(ref _brokerDied, Ledger.Now);
        }
        return true;
    }

    public void Freeze(string resource) => Signal(resource, Stop);

    public void Thaw(string resource) => Signal(resource, Continue);

    /// <summary>The same with what it has started: of Postgres those who serve the connections that there are.</summary>
    public void FreezeAll(string resource) => ProcessesOf(resource).ForEach(process => SignalAll(process.Id, Stop));

    /// <summary>And what was frozen whose parent is dead by now: while it stands still it holds what the next Postgres needs to start.</summary>
    public void ThawAll(string resource)
    {
        ProcessesOf(resource).ForEach(process => SignalAll(process.Id, Continue));
        while (_frozen.TryTake(out var process))
        {
            _ = Send(process, Continue);
        }
    }

    /// <summary>The development broker takes <c>down</c> (every connection closed, new ones refused) and <c>up</c> on its standard input.</summary>
    public Task TellBrokerAsync(string command) => TellBrokerAsync(Folder, command);

    /// <summary>The same to the broker of another mesh; one that is dead at the moment is away as it is, and comes up by itself.</summary>
    public static async Task TellBrokerAsync(string folder, string command)
    {
        if (MeshProcesses.Of(Programs["kafka"], folder).SingleOrDefault() is not { } broker)
        {
            return;
        }
        try
        {
            await using var input = new StreamWriter($"/proc/{broker.Id}/fd/0");
            await input.WriteLineAsync(command);
        }
        catch (IOException) when (broker.HasExited)
        {
            // It was killed meanwhile.
        }
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
                    await StartUnhealedAsync();
                    var healthy = await Task.WhenAll(Services.Select(service => IsHealthyAsync(clients, service)));
                    wanting = string.Join(", ", Services.Where((_, index) => !healthy[index]).Select(service => $"{service} is {StateOf(service)}"));
                    if (wanting.Length == 0)
                    {
                        // One that was just killed may still be said to be running.
                        wanting = string.Join(", ", Unhealed.Where(resource => ProcessesOf(resource).Count == 0).Select(resource => $"{resource} is dead"));
                    }
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

    /// <summary>An operator who starts what nobody else does, for as long as something goes on.</summary>
    public async Task AttendAsync(Task something)
    {
        await Eventually.True(
            async () =>
            {
                await StartUnhealedAsync();
                return something.IsCompleted;
            },
            TimeSpan.MaxValue);
        await something;
    }

    public string StateOf(string resource) =>
        Application.ResourceNotifications.TryGetCurrentState(resource, out var current) ? current.Snapshot.State?.Text ?? "" : "";

    private async Task StartUnhealedAsync()
    {
        foreach (var resource in Unhealed.Where(IsOver))
        {
            if (!_killed.TryRemove(resource, out _))
            {
                _deaths.Enqueue($"{resource} is {StateOf(resource)}, and nobody had killed it");
            }
            await CommandAsync(resource, KnownResourceCommands.StartCommand);
        }
    }

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

    private void SignalAll(int process, int signal)
    {
        _ = Send(process, signal);
        foreach (var child in MeshProcesses.ChildrenOf(process))
        {
            _ = Send(child, signal);
            if (signal == Stop)
            {
                _frozen.Add(child);
            }
        }
    }

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
