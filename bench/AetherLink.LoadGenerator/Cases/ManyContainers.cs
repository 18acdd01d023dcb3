using System.Collections.Concurrent;
using System.Diagnostics;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>
/// A thousand containers of an engine that only plays them: all the time some are restarted by somebody, which is nobody's business,
/// and now and then one turns unhealthy.
/// </summary>
internal sealed class ManyContainers : IAsyncDisposable
{
    public const int Count = 1_000;

    /// <summary>One of somebody's restarts is four events.</summary>
    public const int EventsASecond = 100;

    private const int EventsOfACycle = 4;

    private static readonly TimeSpan Sick = TimeSpan.FromMilliseconds(470);

    /// <summary>More than a poll's pause.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly FakeEngine _engine;
    private readonly ConcurrentDictionary<string, long> _sickSince = new();
    private readonly ConcurrentQueue<TimeSpan> _issued = new();
    private int _next;

    private ManyContainers(FakeEngine engine)
    {
        _engine = engine;
        _engine.Restarted = container =>
        {
            if (_sickSince.TryRemove(container.Name, out var since))
            {
                _issued.Enqueue(Stopwatch.GetElapsedTime(since));
            }
        };
        for (var number = 0; number < Count; number++)
        {
            _engine.Add(Name(number));
        }
    }

    public static async Task<ManyContainers> StartAsync(string socket) => new(await FakeEngine.StartAsync(socket));

    /// <returns>How long each that turned unhealthy waited for its restart to be issued; all have been, or it fails.</returns>
    public async Task<IReadOnlyList<TimeSpan>> PlayAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        _issued.Clear();
        var started = Stopwatch.GetTimestamp();
        var (cycles, sick) = (0, 0);
        while (Stopwatch.GetElapsedTime(started) is var passed && passed < time)
        {
            for (; cycles < passed.TotalSeconds * EventsASecond / EventsOfACycle; cycles++)
            {
                _engine.Cycle(Name(Next()));
            }
            for (; sick < passed / Sick; sick++)
            {
                var name = Name(Next());
                _sickSince[name] = Stopwatch.GetTimestamp();
                _engine.Turn(name, "unhealthy");
            }
            await Task.Delay(5, cancellationToken);
        }
        for (var waited = Stopwatch.GetTimestamp(); !_sickSince.IsEmpty; await Task.Delay(20, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(waited) > Patience)
                throw new TimeoutException($"{_sickSince.Count} containers were not restarted.");
        }
        return [.. _issued];
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    /// <summary>In turn, so that none that is sick is restarted by somebody before it is healed.</summary>
    private int Next() => _next++ % Count;

    private static string Name(int number) => Row.Text($"many-{number}");
}
