using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace AetherLink.AutoHeal.Watching;

/// <summary>Looks at the labelled containers of the Docker engine, as long as one answers.</summary>
internal sealed class ContainerWatch(
    HealSettings settings, WatchList list, Fleet fleet, Healer healer, IConfiguration configuration,
    ILogger<ContainerWatch> logger, TimeProvider clock) : BackgroundLoop(logger, clock)
{
    public const string Label = "aetherlink.autoheal=true";

    /// <summary>A hung engine is as good as none.</summary>
    private static readonly TimeSpan EngineTimeout = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _taken = settings.Services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _healing = new(StringComparer.Ordinal);
    private bool? _isPresent;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var where = Where();
        using var engine = where.CreateClient();
        while (true)
        {
            using (var time = CancellationTokenSource.CreateLinkedTokenSource(stopping))
            {
                time.CancelAfter(EngineTimeout);
                try
                {
                    await LookAroundAsync(engine, stopping, time.Token);
                }
                catch (Exception failure) when (IsAbsence(failure) && !stopping.IsCancellationRequested)
                {
                    Lost(failure);
                }
            }

            await Task.Delay(settings.Interval, Clock, stopping);
        }
    }

    private DockerClientConfiguration Where() => configuration["DOCKER_HOST"] is { Length: > 0 } host
        ? new DockerClientConfiguration(new Uri(host))
        : new DockerClientConfiguration();

    private async Task LookAroundAsync(DockerClient engine, CancellationToken stopping, CancellationToken time)
    {
        var containers = await engine.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = true,
                Filters = new Dictionary<string, IDictionary<string, bool>>
                {
                    ["label"] = new Dictionary<string, bool> { [Label] = true },
                },
            },
            time);
        Found(containers.Count);

        // A name of the mesh's own is never given to a container: its owner would be restarted in its place.
        var targets = containers
            .Select(container => new ContainerTarget(NameOf(container), container.ID, engine))
            .Where(target => !_taken.Contains(target.Name)).ToArray();
        foreach (var gone in _names.Except(targets.Select(target => target.Name)).ToArray())
            Forget(gone);

        // First all looks, then the decisions: the brake must know how much is down.
        var sightings = await Task.WhenAll(targets.Select(async target => (Target: target, Sighting: await target.LookAsync(time))));
        foreach (var (target, sighting) in sightings)
        {
            _names.Add(target.Name);
            list.Put(target);
            healer.See(target, sighting);
        }

        foreach (var target in targets)
            Consider(target, stopping);
    }

    /// <summary>Without waiting for the heal: one container's verification must not blind the watch over the others.</summary>
    private void Consider(ContainerTarget target, CancellationToken stopping)
    {
        lock (_healing)
        {
            if (!_healing.Add(target.Name))
                return;
        }

        _ = Task.Run(
            async () =>
            {
                try
                {
                    await healer.ConsiderAsync(target, stopping);
                }
#pragma warning disable CA1031 // One target's fault must not end the watch over it.
                catch (Exception failure) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    Log.LookFailed(logger, failure, target.Name);
                }
                finally
                {
                    lock (_healing)
                        _healing.Remove(target.Name);
                }
            },
            CancellationToken.None);
    }

    private void Forget(string name)
    {
        _names.Remove(name);
        list.Remove(name);
        fleet.Unwatch(name);
    }

    /// <summary>The engine writes a slash before it. The name stays when the container is made anew, its id does not.</summary>
    private static string NameOf(ContainerListResponse container) =>
        container.Names is [var name, ..] ? name.TrimStart('/') : container.ID;

    private void Found(int count)
    {
        if (_isPresent != true)
            Log.EngineFound(logger, count);
        _isPresent = true;
    }

    private void Lost(Exception failure)
    {
        if (_isPresent != false)
            Log.EngineAbsent(logger, failure.Message);
        _isPresent = false;
        foreach (var name in _names.ToArray())
            Forget(name);
    }

    private static bool IsAbsence(Exception failure) =>
        failure is HttpRequestException or DockerApiException or IOException or TimeoutException or OperationCanceledException
            or System.Net.Sockets.SocketException;
}
