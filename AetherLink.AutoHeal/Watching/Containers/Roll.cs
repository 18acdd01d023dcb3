using System.Collections.Concurrent;
using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace AetherLink.AutoHeal.Watching.Containers;

/// <summary>The labelled containers that are there. First all are seen and then it is decided: the brake must know how much is down.</summary>
internal sealed class Roll(
    HealSettings settings, WatchList list, Rounds rounds, Fleet fleet, Healer healer, Considering considering, ContainerLives lives,
    Probe probe, ServiceIdentity identity, IConfiguration configuration, ILogger<Roll> logger)
{
    public const string Label = "aetherlink.autoheal=true";
    private const string HealthLabel = "aetherlink.autoheal.url";

    /// <summary>Inspections side by side: an engine that is busy ending a thousand containers has other things to do.</summary>
    private const int SideBySide = 16;

    /// <summary>A name of the mesh's own is never given to a container: its owner would be restarted in its place.</summary>
    private readonly HashSet<string> _taken = settings.Services.Concat(settings.Needed).Select(service => service.Name).Append(identity.Resource).ToHashSet(StringComparer.Ordinal);

    /// <summary>An engine names a container's host after the first twelve digits of its id: the one that this runs in, if it does, is not healed.</summary>
    private readonly string? _own = configuration["HOSTNAME"] is { Length: 12 } host && host.All(char.IsAsciiHexDigitLower) ? host : null;

    private readonly ConcurrentDictionary<string, ContainerTarget> _targets = new(StringComparer.Ordinal);

    /// <summary>Of which the engine does not tell, for which that was said.</summary>
    private readonly ConcurrentDictionary<string, bool> _untold = new(StringComparer.Ordinal);

    /// <summary>A pass over the engine's list.</summary>
    /// <returns>How many carry the label.</returns>
    public async Task<int> CallAsync(DockerClient engine, CancellationToken time, CancellationToken stopping)
    {
        var containers = await engine.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = true,
                Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [Label] = true } },
            },
            time);
        var targets = containers
            .Select(listed => (Listed: listed, Target: TargetOf(listed.ID, NameOf(listed), listed.Labels, engine)))
            .Where(pair => pair.Target is not null).ToArray();
        foreach (var gone in _targets.Keys.Except(targets.Select(pair => pair.Target!.Name)).ToArray())
            Forget(gone);

        await Parallel.ForEachAsync(
            targets.Where(pair => !IsBeingHealed(pair.Target!)), With(time), (pair, token) => SeeAsync(pair.Target!, look => pair.Target!.LookAsync(pair.Listed, look), token));
        foreach (var (_, target) in targets)
            considering.Begin(target!, stopping);
        return containers.Count;
    }

    /// <summary>A look at those that something happened to.</summary>
    public async Task LookAsync(IReadOnlyCollection<Message> happened, DockerClient engine, CancellationToken time, CancellationToken stopping)
    {
        var targets = happened
            .Select(message => message.Action == "destroy" ? Gone(message) : TargetOf(message.Actor.ID, NameOf(message), message.Actor.Attributes, engine))
            .OfType<ContainerTarget>().ToArray();
        await Parallel.ForEachAsync(
            targets.Where(target => !IsBeingHealed(target)), With(time), (target, token) => SeeAsync(target, target.AskEngineAsync, token));
        foreach (var target in targets)
            considering.Begin(target, stopping);
    }

    /// <summary>There is no engine, and so there are none.</summary>
    public void Clear()
    {
        foreach (var name in _targets.Keys)
            Forget(name);
    }

    /// <summary>
    /// An engine that answers may have one container that it cannot tell of, or that has it hang: the others are not lost for that. What it
    /// said of that one last still counts.
    /// </summary>
    private async ValueTask SeeAsync(ContainerTarget target, Func<CancellationToken, Task<Sighting>> look, CancellationToken time)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(time);
        patience.CancelAfter(settings.EngineTimeout / 2);
        try
        {
            See(target, await look(patience.Token));
            _untold.TryRemove(target.Id, out _);
        }
        catch (Exception failure) when (failure is DockerApiException || (failure is OperationCanceledException && !time.IsCancellationRequested))
        {
            var reason = failure is DockerApiException ? failure.Message : $"It did not answer within {settings.EngineTimeout.TotalSeconds / 2} s.";
            if (_untold.TryAdd(target.Id, true))
                Log.ContainerNotTold(logger, target.Name, reason);
        }
    }

    /// <summary>What has a health URL is well when that says so, too; the rounds ask it.</summary>
    private void See(ContainerTarget target, Sighting sighting)
    {
        if (target.Health is null || sighting.Sign != Sign.Healthy)
            healer.See(target, sighting);
    }

    /// <summary>Its heal looks at it. An engine lets whoever asks about a container wait while it restarts it, and so those that failed meanwhile.</summary>
    private bool IsBeingHealed(ContainerTarget target) => fleet.Find(target.Name) is { Healing: true };

    private ContainerTarget? TargetOf(string id, string name, IDictionary<string, string>? labels, DockerClient engine)
    {
        if (_taken.Contains(name) || (_own is not null && id.StartsWith(_own, StringComparison.Ordinal)))
            return null;
        if (_targets.TryGetValue(name, out var known) && known.Id == id)
            return known;
        var target = new ContainerTarget(name, id, HealthOf(name, labels), engine, lives, probe);
        _targets[name] = target;
        list.Put(target);
        rounds.Remove(name);
        if (target.Health is not null)
            rounds.Add(target);
        return target;
    }

    private ContainerTarget? Gone(Message message)
    {
        var name = NameOf(message);
        if (_targets.TryGetValue(name, out var target) && target.Id == message.Actor.ID)
            Forget(name);
        return null;
    }

    private void Forget(string name)
    {
        if (!_targets.TryRemove(name, out var target))
            return;
        _untold.TryRemove(target.Id, out _);
        rounds.Remove(name);
        list.RemoveOnly(target);
        fleet.Unwatch(name);
    }

    private Uri? HealthOf(string name, IDictionary<string, string>? labels)
    {
        if (labels?.TryGetValue(HealthLabel, out var text) is not true)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;
        Log.LabelIsNoAddress(logger, name, HealthLabel, text!);
        return null;
    }

    /// <summary>The engine's list writes a slash before it. The name stays when the container is made anew, its id does not.</summary>
    private static string NameOf(ContainerListResponse container) =>
        container.Names is [var name, ..] ? name.TrimStart('/') : container.ID;

    private static string NameOf(Message message) =>
        message.Actor.Attributes?.TryGetValue("name", out var name) is true ? name! : message.Actor.ID;

    private static ParallelOptions With(CancellationToken time) =>
        new() { MaxDegreeOfParallelism = SideBySide, CancellationToken = time };
}
