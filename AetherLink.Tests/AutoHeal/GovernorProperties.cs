using AetherLink.AutoHeal.Governing;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.AutoHeal;

public sealed class GovernorProperties
{
    private sealed record Step(int Target, Sign Sign, int Seconds, bool Recovers, bool ByPerson);

    private static readonly Arbitrary<Step[]> Days = (
        from steps in (
            from target in Gen.Choose(0, 7)
            from sign in Gen.Elements(Sign.Healthy, Sign.Failing, Sign.Failing, Sign.Dead, Sign.Dead, Sign.Starting, Sign.Stopped)
            from seconds in Gen.OneOf(Gen.Choose(0, 5), Gen.Choose(0, 120), Gen.Choose(-900, 900))
            from recovers in Gen.Elements(true, false)
            from byPerson in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Step(target, sign, seconds, recovers, byPerson)).ArrayOf(600)
        select steps).ToArbitrary();

    [Fact]
    public void Governor_never_restarts_a_target_or_the_fleet_more_often_than_allowed() =>
        Holds(new GovernorLimits { FleetRestartsPerHour = 5 }, (limits, restarts) =>
            restarts.All(last =>
                restarts.Count(other => Within(last, other) && other.Target == last.Target) <= limits.RestartsPerHour &&
                restarts.Count(other => Within(last, other)) <= limits.FleetRestartsPerHour));

    [Fact]
    public void Governor_never_restarts_a_target_within_its_cooldown() =>
        Holds(GovernorLimits.Development with { RestartsPerHour = 8, FleetRestartsPerHour = 50 }, (limits, restarts) =>
            restarts.GroupBy(restart => restart.Target).All(of => of.Zip(of.Skip(1)).All(pair =>
                pair.Second.At - pair.First.At >= limits.Cooldown)));

    private static bool Within(Restart last, Restart other) => other.At <= last.At && other.At > last.At - GovernorLimits.Hour;

    private sealed record Restart(string Target, TimeSpan At);

    private static void Holds(GovernorLimits limits, Func<GovernorLimits, IReadOnlyList<Restart>, bool> promise)
    {
        var some = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Soak.Rounds(sample: 60, soak: 500)), Prop.ForAll(Days, steps =>
        {
            var restarts = Live(limits, steps);
            some += restarts.Count;
            return promise(limits, restarts);
        }));
        Assert.True(some > 60, $"only {some} restarts in all");
    }

    /// <summary>Time passes forwards only; a negative step sets the healer's clock back instead.</summary>
    private static List<Restart> Live(GovernorLimits limits, Step[] steps)
    {
        var fleet = new GovernedFleet(limits, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var restarts = new List<Restart>();
        var passed = TimeSpan.Zero;
        foreach (var step in steps)
        {
            var time = TimeSpan.FromSeconds(step.Seconds);
            fleet.Wait(time);
            passed += time > TimeSpan.Zero ? time : TimeSpan.Zero;
            var name = $"t{step.Target}";
            fleet.See(name, step.Sign);
            if (fleet.Decide(name, new Request { ByPerson = step.ByPerson }).Ruling != Ruling.Restart)
                continue;
            restarts.Add(new Restart(name, passed));
            fleet.Finish(name, step.Recovers);
        }

        return restarts;
    }
}
