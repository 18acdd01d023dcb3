using AetherLink.CommandCenter.Mesh;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter;

public sealed class HealthProperties
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static readonly Arbitrary<(HealthStatus Status, int Seconds)[]> Histories =
        (from status in Gen.Elements(HealthStatus.Up, HealthStatus.Degraded, HealthStatus.Down)
         from seconds in Gen.Choose(1, 20)
         select (status, seconds)).ArrayOf(60).ToArbitrary();

    [Fact]
    public void Failures_and_recoveries_alternate_beginning_with_a_failure() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Histories, history =>
        {
            var changes = Walk(history).Select(step => step.Change).Where(change => change is not HealthChange.None).ToList();
            return changes.Select((change, at) => change == (at % 2 == 0 ? HealthChange.Failed : HealthChange.Recovered)).All(right => right);
        }));

    [Fact]
    public void A_service_that_has_been_up_is_announced_failed_by_its_first_bad_probe() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Histories, history =>
        {
            var steps = Walk(history);
            return steps.Zip(steps.Skip(1)).All(pair =>
                pair.First.Watch.Health.Status is not HealthStatus.Up || pair.Second.Watch.Health.Status is HealthStatus.Up
                || pair.Second.Change is HealthChange.Failed);
        }));

    [Fact]
    public void A_service_that_was_never_up_has_the_grace_of_a_start() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Histories, history =>
        {
            var started = Walk(history).TakeWhile(step => step.Watch.Health.Status is not HealthStatus.Up).ToList();
            return started.All(step => step.Change is HealthChange.None || step.Watch.Health.LastChecked - step.Watch.FirstProbed >= Grace);
        }));

    [Fact]
    public void Since_is_the_time_of_the_last_change_of_the_status() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Histories, history =>
        {
            var steps = Walk(history);
            return steps.Zip(steps.Skip(1)).All(pair => pair.Second.Watch.Health.Since ==
                (pair.First.Watch.Health.Status == pair.Second.Watch.Health.Status
                    ? pair.First.Watch.Health.Since
                    : pair.Second.Watch.Health.LastChecked));
        }));

    [Theory]
    [InlineData("up,up", "Up")]
    [InlineData("up,down", "Degraded")]
    [InlineData("up,degraded", "Degraded")]
    [InlineData("up,unknown", "Degraded")]
    [InlineData("down,up", "Down")]
    [InlineData("unknown,up", "Degraded")]
    public void Mesh_is_down_only_with_the_storage_of_the_Command_Center(string statuses, string expected)
    {
        var parsed = statuses.Split(',').Select(status => Enum.Parse<HealthStatus>(status, ignoreCase: true)).ToArray();
        var services = new Dictionary<string, ServiceHealth>
        {
            ["command-center"] = new(parsed[0], "http://a", default, default),
            ["other"] = new(parsed[1], "http://b", default, default),
        };

        Assert.Equal(expected, MeshHealth.Of(services, "command-center").Status.ToString());
    }

    [Theory]
    [InlineData(200, 10, "Up")]
    [InlineData(204, 10, "Up")]
    [InlineData(200, 1500, "Degraded")]
    [InlineData(302, 10, "Degraded")]
    [InlineData(404, 10, "Degraded")]
    [InlineData(503, 10, "Down")]
    public void Probe_is_judged_by_status_and_latency(int status, int milliseconds, string expected) =>
        Assert.Equal(expected, Probe.Answered(status, TimeSpan.FromMilliseconds(milliseconds)).Status.ToString());

    private static List<(Watch Watch, HealthChange Change)> Walk((HealthStatus Status, int Seconds)[] history)
    {
        var steps = new List<(Watch, HealthChange)>();
        Watch? watch = null;
        var now = Envelopes.Now;
        foreach (var (status, seconds) in history)
        {
            now = now.AddSeconds(seconds);
            (watch, var change) = Watch.After(watch, "http://s", new Probe(status, null, null, null), now, Grace);
            steps.Add((watch, change));
        }
        return steps;
    }
}
