using System.Diagnostics.Metrics;
using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Watching;

/// <summary>
/// Looks at every target once an interval, in one schedule. What did not answer the last time goes through a gate of its own:
/// however many hang, they wait for each other and for nobody else.
/// </summary>
internal sealed class Rounds(
    HealSettings settings, WatchReport report, Healer healer, IMeterFactory meters, ILogger<Rounds> logger, TimeProvider clock)
    : BackgroundLoop(logger, clock)
{
    /// <summary>Sockets, mostly idle. A tenth of 10,000 targets at once is more than 30 s of interval ever ask for.</summary>
    private const int Wide = 1_024;

    /// <summary>Each hangs for the probe's time-out: 256 of them are 128 a second, the hanging fifth of 10,000 targets at 30 s twice over.</summary>
    private const int Narrow = 256;

    private readonly Lock _lock = new();
    private readonly RoundSchedule<Round> _due = new(settings.Interval, clock, Random.Shared);
    private readonly Dictionary<string, Round> _rounds = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Gate _well = new(Wide);
    private readonly Gate _suspect = new(Narrow);
    private readonly Histogram<double> _drift = meters.Create(HealMeter.Name).CreateHistogram(
        "auto_heal_probe_drift", "s", "How late a look began.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    /// <summary>From now on it is looked at; the first time at once or within the interval.</summary>
    public void Add(HealTarget target)
    {
        lock (_lock)
        {
            Remove(target.Name);
            var round = new Round(target);
            _rounds[target.Name] = round;
            _due.Add(round, Clock.GetTimestamp());
        }

        _changed.Release();
    }

    public void Remove(string name)
    {
        lock (_lock)
        {
            if (_rounds.Remove(name, out var round))
                round.IsOver = true;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
        _well.Dispose();
        _suspect.Dispose();
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        while (true)
            await WaitAsync(Begin(stopping), stopping);
    }

    /// <summary>Begins what is due.</summary>
    /// <returns>How long until the next is; infinite while there are none.</returns>
    private TimeSpan Begin(CancellationToken stopping)
    {
        lock (_lock)
        {
            var now = Clock.GetTimestamp();
            while (_due.TryTake(now, out var round, out var due))
            {
                if (round!.IsOver)
                    continue;
                _due.Again(round, due, now);
                if (round.IsUnderWay)
                    continue;
                round.IsUnderWay = true;
                _ = LookAsync(round, due, stopping);
            }

            return _due.Wait(now);
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stopping)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var changed = _changed.WaitAsync(time.Token);
        await Task.WhenAny(changed, Task.Delay(wait, Clock, time.Token));
        await time.CancelAsync();
        await changed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.ThrowIfCancellationRequested();
    }

    private async Task LookAsync(Round round, long due, CancellationToken stopping)
    {
        try
        {
            Sighting sighting;
            using (await (round.IsSuspect ? _suspect : _well).EnterAsync(stopping))
            {
                _drift.Record(Clock.GetElapsedTime(due).TotalSeconds);
                sighting = await round.Target.LookAsync(stopping);
            }

            round.IsSuspect = sighting.Sign == Sign.Failing;
            report.Looked();
            if (!round.IsOver)
                await healer.ConsiderAsync(round.Target, sighting, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // One target's fault must not end the watch over it, nor over the others.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.LookFailed(logger, failure, round.Target.Name);
        }
        finally
        {
            round.IsUnderWay = false;
        }
    }

    private sealed class Round(HealTarget target)
    {
        public HealTarget Target => target;

        public volatile bool IsUnderWay;
        public volatile bool IsSuspect;
        public volatile bool IsOver;
    }
}
