using System.Collections.Concurrent;
using System.Collections.Immutable;
using Docker.DotNet.Models;

namespace AetherLink.AutoHeal.Watching.Containers;

/// <summary>
/// What the engine's event stream told of each container: when its trouble began, and who ended it. The engine reports a kill
/// before the death that it leads to, so a death is judged when its own event is there, and not before.
/// </summary>
internal sealed class ContainerLives(TimeProvider clock)
{
    /// <summary>How long after a signal an end is still its doing: a patient <c>docker stop -t</c>.</summary>
    private static readonly TimeSpan SignalCounts = TimeSpan.FromMinutes(10);

    /// <summary>An engine that is stopped first ends its containers, for as long as its own patience of 15 s and a kill.</summary>
    private static readonly TimeSpan EngineStops = TimeSpan.FromSeconds(20);

    /// <summary>From the engine's word that the kernel ended a process to the container's own end.</summary>
    private static readonly TimeSpan DiesOfIt = TimeSpan.FromSeconds(5);

    /// <summary>After a reconnect the engine first repeats what was missed: until then nobody knows who ended what.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>A container that its own policy has restarted so often, so lately, is in a loop: once is bad luck, twice may be.</summary>
    private const int LoopEnds = 3;

    private static readonly TimeSpan LoopWithin = TimeSpan.FromMinutes(5);

    /// <summary>A time that nothing has passed since.</summary>
    private const long NotConnected = long.MaxValue;

    /// <summary>HUP, USR1, USR2, CHLD, CONT, URG, WINCH: asked for by people who want it to go on.</summary>
    private static readonly HashSet<string> Harmless = ["1", "10", "12", "17", "18", "23", "28"];

    private readonly ConcurrentDictionary<string, Life> _lives = new(StringComparer.Ordinal);
    private long _connected = NotConnected;

    private sealed record Life
    {
        public Ending Ending { get; init; }

        public bool Running { get; init; }

        /// <summary>It ran when the engine went away, or had just been ended.</summary>
        public bool WentWithEngine { get; init; }

        /// <summary>We had it restarted: kills are ours until it has started.</summary>
        public bool Commanded { get; init; }

        /// <summary>The restart failed then. What it has begun to end all the same is ours for a moment longer; after that a person may end it.</summary>
        public long? CommandFailed { get; init; }

        /// <summary>When it ended by itself the last times.</summary>
        public ImmutableArray<DateTimeOffset> Ends { get; init; } = [];

        public DateTimeOffset? KilledAt { get; init; }

        /// <summary>The kernel ended a process of it for want of memory, which need not have been the first one.</summary>
        public DateTimeOffset? OutOfMemoryAt { get; init; }

        /// <summary>It ended right after that.</summary>
        public bool RanOutOfMemory { get; init; }

        public DateTimeOffset? Since { get; init; }
    }

    /// <summary>Takes in an event; they have to come in the engine's order.</summary>
    public void Note(Message message)
    {
        var at = TimeOf(message);
        switch (message.Action)
        {
            case "start":
                Change(message.Actor.ID, life => new Life { Running = true, Ends = life.Commanded ? [] : life.Ends });
                break;
            case "kill" when IsEnding(message):
                Change(message.Actor.ID, life => IsOurs(life) ? life : life with { KilledAt = at });
                break;
            case "oom":
                Change(message.Actor.ID, life => life with { OutOfMemoryAt = at });
                break;
            case "die":
                Change(message.Actor.ID, life => life with
                {
                    RanOutOfMemory = at - life.OutOfMemoryAt < DiesOfIt && !(at - life.KilledAt < SignalCounts),
                    Running = false,
                    WentWithEngine = false,
                    Ending = at - life.KilledAt < SignalCounts ? Ending.ByPerson : Ending.BySelf,
                    Since = at,
                    Ends = at - life.KilledAt < SignalCounts || IsOurs(life) ? [] : [.. life.Ends.Where(end => at - end < LoopWithin), at],
                });
                break;
            case "health_status: unhealthy":
                Change(message.Actor.ID, life => life with { Since = at });
                break;
            case "health_status: healthy":
                Change(message.Actor.ID, life => life with { Since = null });
                break;
            case "destroy":
                Forget(message.Actor.ID);
                break;
        }
    }

    public void Commanded(string id) => Change(id, life => life with { Commanded = true, CommandFailed = null, KilledAt = null, Ending = Ending.BySelf });

    public void CommandFailed(string id) => Change(id, life => life with { CommandFailed = clock.GetTimestamp() });

    public bool IsLooping(string id) => _lives.GetValueOrDefault(id) is { } life && life.Ends.Length >= LoopEnds;

    public void SawRunning(string id) => Change(id, life => life is { Running: true, WentWithEngine: false } ? life : life with { Running = true, WentWithEngine = false });

    public void Forget(string id) => _lives.TryRemove(id, out _);

    public void EngineFound() => Volatile.Write(ref _connected, clock.GetTimestamp());

    public void EngineLost()
    {
        Volatile.Write(ref _connected, NotConnected);
        var now = clock.GetUtcNow();
        foreach (var (id, life) in _lives)
        {
            if (life.Running || IsOurs(life) || now - life.KilledAt < EngineStops)
                Change(id, gone => gone with { WentWithEngine = true });
        }
    }

    public Ending EndingOf(string id) => _lives.GetValueOrDefault(id) switch
    {
        null => Ending.Unknown,
        var life when IsOurs(life) => Ending.BySelf,
        { WentWithEngine: true } => HasSettled ? Ending.WithEngine : Ending.Unknown,
        var life => life.Ending,
    };

    private bool HasSettled => Volatile.Read(ref _connected) is not NotConnected and var connected && clock.GetElapsedTime(connected) > Settling;

    /// <summary>Told by its events: an engine does not always have it in the container's state.</summary>
    public bool RanOutOfMemory(string id) => _lives.GetValueOrDefault(id) is { RanOutOfMemory: true };

    public DateTimeOffset? SinceOf(string id) => _lives.GetValueOrDefault(id)?.Since;

    public static DateTimeOffset TimeOf(Message message) => DateTimeOffset.UnixEpoch.AddTicks(message.TimeNano / TimeSpan.NanosecondsPerTick);

    private bool IsOurs(Life life) => life.Commanded && !(life.CommandFailed is { } failed && clock.GetElapsedTime(failed) > EngineStops);

    private static bool IsEnding(Message message) =>
        message.Actor.Attributes?.TryGetValue("signal", out var signal) is not true || !Harmless.Contains(signal);

    private void Change(string id, Func<Life, Life> change) =>
        _lives.AddOrUpdate(id, _ => change(new Life()), (_, life) => change(life));
}
