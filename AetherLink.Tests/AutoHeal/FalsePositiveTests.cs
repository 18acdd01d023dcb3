using AetherLink.AutoHeal.Governing;

namespace AetherLink.Tests.AutoHeal;

/// <summary>
/// Healthy targets whose probes fail at random, one in a hundred. Two failures in a row are chance ten times in 100,000 checks;
/// that is what the confirming looks are for.
/// </summary>
public sealed class FalsePositiveTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    [Fact]
    public void Healthy_targets_are_never_restarted_in_100000_checks_over_an_hour_of_jitter_with_one_percent_of_probes_failing()
    {
        var (governor, random) = (new RestartGovernor(new GovernorLimits()), new Random(1));
        var (fleet, start) = (FleetState.Empty, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var (due, checks, failures, confirmed, restarts) = (new PriorityQueue<string, DateTimeOffset>(), 0, 0, 0, 0);
        foreach (var target in Enumerable.Range(0, 840))
            due.Enqueue($"t{target}", start + random.NextDouble() * Interval);

        while (due.TryDequeue(out var name, out var now) && now < start.AddHours(1))
        {
            checks++;
            var fails = random.Next(100) == 0;
            failures += fails ? 1 : 0;
            fleet = governor.See(fleet, name, new Sighting(fails ? Sign.Failing : Sign.Healthy, ""), now);
            for (var look = 0; look < governor.Limits.Confirmations && IsRuled(governor, fleet, name, now); look++)
            {
                confirmed++;
                fleet = governor.See(fleet, name, new Sighting(random.Next(100) == 0 ? Sign.Failing : Sign.Healthy, ""), now);
            }

            (fleet, var verdict) = governor.Decide(fleet, name, Request.Automatic, now);
            restarts += verdict.Ruling == Ruling.Restart ? 1 : 0;
            due.Enqueue(name, now + Interval * (0.9 + 0.2 * random.NextDouble()));
        }

        Assert.InRange(checks, 100_000, 110_000);
        Assert.InRange(failures, 900, 1_200);
        Assert.True(confirmed > 0, "chance never made two failures in a row");
        Assert.Equal(0, restarts);
    }

    private static bool IsRuled(RestartGovernor governor, FleetState fleet, string name, DateTimeOffset now) =>
        governor.Decide(fleet, name, Request.Automatic, now).Verdict.Ruling == Ruling.Restart;
}
