using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace AetherLink.AutoHeal.Watching.Containers;

/// <summary>The engine's event stream about labelled containers, taken up where it broke off.</summary>
internal sealed class EngineEvents(IDockerClient engine, ContainerLives lives, DateTimeOffset since) : IProgress<Message>, IDisposable
{
    /// <summary>What fails together is decided on together, so that the brake sees all of it: until nothing more comes for so long,</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    /// <summary>and at most for so long, of the second that an event may take to its restart.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(400);

    private static readonly string[] Actions =
        ["start", "die", "oom", "kill", "health_status", "pause", "unpause", "destroy", "rename"];

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _happened = new(0);
    private Dictionary<string, Message> _waiting = new(StringComparer.Ordinal);
    private long _lastNano = (since - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Until the engine ends the stream.</summary>
    public Task ReadAsync(CancellationToken cancellationToken)
    {
        var last = Interlocked.Read(ref _lastNano);
        const long Second = 1_000_000_000;
        return engine.System.MonitorEventsAsync(
            new ContainerEventsParameters
            {
                // Inclusive: the last one comes again, and changes nothing the second time.
                Since = string.Create(CultureInfo.InvariantCulture, $"{last / Second}.{last % Second:000000000}"),
                Filters = new Dictionary<string, IDictionary<string, bool>>
                {
                    ["type"] = new Dictionary<string, bool> { ["container"] = true },
                    ["label"] = new Dictionary<string, bool> { [Roll.Label] = true },
                    ["event"] = Actions.ToDictionary(action => action, _ => true),
                },
            },
            this, cancellationToken);
    }

    /// <summary>Called by the stream for each event, in the engine's order.</summary>
    public void Report(Message value)
    {
        if (value.Actor?.ID is not { Length: > 0 } id)
            return;
        lives.Note(value);
        lock (_lock)
        {
            _lastNano = Math.Max(_lastNano, value.TimeNano);
            _waiting[id] = value;
        }

        _happened.Release();
    }

    public void Dispose() => _happened.Dispose();

    /// <returns>The last event of each container that something happened to since it was asked the last time.</returns>
    public async Task<IReadOnlyCollection<Message>> GatherAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        await _happened.WaitAsync(cancellationToken);
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < Longest && await _happened.WaitAsync(Quiet, cancellationToken))
        {
        }

        lock (_lock)
        {
            var waiting = _waiting;
            _waiting = new Dictionary<string, Message>(StringComparer.Ordinal);
            return waiting.Values;
        }
    }
}
