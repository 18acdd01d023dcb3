using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Watching;

namespace AetherLink.Tests.AutoHeal;

/// <summary>
/// Healthy targets whose probes fail at random, one in a hundred. Two failures in a row are chance ten times in 100,000 checks;
/// that is what the confirming looks are for.
/// </summary>
public sealed class FalsePositiveTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Healthy_targets_are_never_restarted_in_100000_checks_over_an_hour_of_jitter_with_one_percent_of_probes_failing()
    {
        var (clock, random, limits) = (new Simulated(), new Random(1), new GovernorLimits());
        var (start, fleet) = (clock.GetUtcNow(), new Fleet(new RestartGovernor(limits), new HealClock(clock)));
        var confirming = new Confirming(fleet, limits, clock);
        var (due, checks, failures, restarts) = (new PriorityQueue<Chancy, DateTimeOffset>(), 0, 0, 0);
        foreach (var number in Enumerable.Range(0, 840))
            due.Enqueue(new Chancy($"t{number}", random), start + random.NextDouble() * Interval);

        while (due.TryDequeue(out var target, out var now) && now < start.AddHours(1))
        {
            clock.GoTo(now);
            checks++;
            var sighting = await target.LookAsync(default);
            failures += sighting.Sign == Sign.Failing ? 1 : 0;
            fleet.See(target.Name, sighting, watchOnly: false);
            await confirming.ConfirmAsync(target, Request.Automatic, look => fleet.See(target.Name, look, watchOnly: false), default);
            restarts += fleet.Ask(target.Name, Request.Automatic).Ruling == Ruling.Restart ? 1 : 0;
            due.Enqueue(target, now + Interval * (0.9 + 0.2 * random.NextDouble()));
        }

        Assert.InRange(checks, 100_000, 110_000);
        Assert.InRange(failures, 900, 1_200);
        Assert.True(clock.Waited > 0, "chance never made two failures in a row");
        Assert.Equal(0, restarts);
    }

    /// <summary>A target that is well, and whose probe fails one time in a hundred.</summary>
    private sealed class Chancy(string name, Random random) : HealTarget(name)
    {
        public override string Kind => "service";

        public override Task<Sighting> LookAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new Sighting(random.Next(100) == 0 ? Sign.Failing : Sign.Healthy, ""));

        public override Task<string> ActionAsync(CancellationToken cancellationToken) => Task.FromResult("restart");

        public override Task ActAsync(string action, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task<bool> IsHealthyAsync(CancellationToken cancellationToken) => Task.FromResult(true);
    }

    /// <summary>A clock on which whoever waits has waited.</summary>
    private sealed class Simulated : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public int Waited { get; private set; }

        public override DateTimeOffset GetUtcNow() => _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public void GoTo(DateTimeOffset now) => _now = now > _now ? now : _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_now, Waited) = (_now + dueTime, Waited + 1);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
