using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Settings;
using AetherLink.AutoHeal.Watching;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.AutoHeal;

public sealed class RoundsTests() : HealerTest()
{
    /// <summary>
    /// At the rate of 10,000 targets in 30 s. The sample begins its looks as densely, for a twentieth of an interval; a fifth of them
    /// hangs, for the whole time-out in the soak, and in the sample for as much of its interval as leaves room for the next look.
    /// The bench measures the service itself.
    /// </summary>
    [Fact]
    public async Task Ten_thousand_targets_are_looked_at_in_time_while_a_fifth_of_them_hangs()
    {
        var (share, hangs) = Soak.IsOn ? (1, HealSettings.ProbeTimeout) : (20, HealSettings.ProbeTimeout / 2);
        await using var healer = await StartAsync(
            ("AUTOHEAL_INTERVAL_SECONDS", (30.0 / share).ToString(CultureInfo.InvariantCulture)), ("AUTOHEAL_MODE", "observe"));
        using var ends = new CancellationTokenSource();
        var witness = LatestAsync(ends.Token);
        var rounds = healer.Services.GetRequiredService<Rounds>();
        var looks = new ConcurrentDictionary<string, ConcurrentQueue<long>>();
        var count = 10_000 / share;
        foreach (var number in Enumerable.Range(0, count))
            rounds.Add(new Slow($"t{number}", number % 5 == 0 ? hangs : null, looks));

        await Eventually.True(() => looks.Count == count && looks.Values.All(of => of.Count >= 2), TimeSpan.FromSeconds(120), "each was looked at twice");

        // From one look to the next is the interval, give or take a tenth, and what the second was late.
        var longest = TimeSpan.FromSeconds(30.0 / share * 1.1);
        var late = looks.Values.Select(of => of.ToArray()).Select(of => Stopwatch.GetElapsedTime(of[0], of[1]) - longest).Order().ToArray();
        // Half a second is promised; as much as the machine lets wait whoever does nothing but wait is not the schedule's.
        await ends.CancelAsync();
        Assert.InRange(late[(int)(late.Length * 0.99)], TimeSpan.MinValue, TimeSpan.FromSeconds(0.5) + await witness);
    }

    /// <summary>By how much somebody overslept who slept ten times a second, at most.</summary>
    private static async Task<TimeSpan> LatestAsync(CancellationToken cancellationToken)
    {
        var (nap, latest) = (TimeSpan.FromSeconds(0.1), TimeSpan.Zero);
        using var timer = new PeriodicTimer(nap);
        while (!cancellationToken.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            await timer.WaitForNextTickAsync(CancellationToken.None);
            var late = Stopwatch.GetElapsedTime(began) - nap;
            latest = late > latest ? late : latest;
        }

        return latest;
    }

    private sealed class Slow(string name, TimeSpan? hangs, ConcurrentDictionary<string, ConcurrentQueue<long>> looks) : HealTarget(name)
    {
        public override string Kind => "service";

        public override async Task<Sighting> LookAsync(CancellationToken cancellationToken)
        {
            looks.GetOrAdd(Name, _ => []).Enqueue(Stopwatch.GetTimestamp());
            if (hangs is not { } patience)
                return new Sighting(Sign.Healthy, "");
            using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            time.CancelAfter(patience);
            await Task.Delay(Timeout.Infinite, time.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new Sighting(Sign.Failing, "It hangs.");
        }

        public override Task<string> ActionAsync(CancellationToken cancellationToken) => Task.FromResult("restart");

        public override Task ActAsync(string action, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task<bool> IsHealthyAsync(CancellationToken cancellationToken) => Task.FromResult(hangs is null);
    }
}
