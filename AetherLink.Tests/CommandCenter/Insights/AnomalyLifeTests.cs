using AetherLink.CommandCenter.Insights.Anomalies.Detecting;
using AetherLink.CommandCenter.Insights.Anomalies.Living;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>What becomes of an anomaly by its series, and by people.</summary>
public sealed class AnomalyLifeTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Detection Usual = new(0, 0, 10, 0.5, 0, 0, false);
    private static readonly Detection Unusual = new(0.8, 0.8, 10, 9, 1, 7, true);

    [Fact]
    public void Anomaly_opens_grows_and_resolves_itself_when_the_series_is_back()
    {
        var opened = Observe(null, 0, 40, Unusual)!;
        var grown = Observe(opened, 1, 60, Unusual with { Deviations = 14, Strength = 9 })!;
        var lingering = Observe(grown, 2, 11, Unusual with { Excess = 0, Deviations = 1 })!;
        var ended = Observe(lingering, 3, 10, Usual)!;

        Assert.Equal((AnomalyState.Open, 40.0, 7.0, At), (opened.State, opened.Observed, opened.Score, opened.Since));
        Assert.Equal((60.0, 9.0, At.AddMinutes(1)), (grown.Observed, grown.Score, grown.LastSeen));
        Assert.Equal((60.0, At.AddMinutes(1), true), (lingering.Observed, lingering.LastSeen, lingering.IsCurrent));
        Assert.Equal((AnomalyState.Resolved, At.AddMinutes(3), false), (ended.State, ended.EndedAt, ended.IsCurrent));
        Assert.Equal(ended, Observe(ended, 4, 10, Usual));
        Assert.NotEqual(ended.Id, Observe(ended, 5, 50, Unusual)!.Id);
    }

    [Fact]
    public void Verdict_of_a_person_stands_when_the_series_is_back()
    {
        var verdict = AnomalyLife.Triage(Observe(null, 0, 40, Unusual)!, AnomalyState.FalsePositive, "olga", "a test")!;

        var ended = Observe(verdict, 1, 10, Usual)!;

        Assert.Equal((AnomalyState.FalsePositive, "olga", "a test"), (ended.State, ended.TriagedBy, ended.Note));
        Assert.NotNull(ended.EndedAt);
    }

    [Theory]
    [InlineData("Open", "Acknowledged", true)]
    [InlineData("Open", "Resolved", true)]
    [InlineData("Open", "FalsePositive", true)]
    [InlineData("Acknowledged", "Resolved", true)]
    [InlineData("Acknowledged", "FalsePositive", true)]
    [InlineData("Resolved", "FalsePositive", true)]
    [InlineData("Open", "Open", false)]
    [InlineData("Acknowledged", "Acknowledged", false)]
    [InlineData("Acknowledged", "Open", false)]
    [InlineData("Resolved", "Acknowledged", false)]
    [InlineData("Resolved", "Resolved", false)]
    [InlineData("FalsePositive", "FalsePositive", false)]
    [InlineData("FalsePositive", "Resolved", false)]
    public void Triage_goes_forward_only(string from, string to, bool isAllowed)
    {
        var anomaly = Observe(null, 0, 40, Unusual)! with { State = Enum.Parse<AnomalyState>(from) };

        var judged = AnomalyLife.Triage(anomaly, Enum.Parse<AnomalyState>(to), "olga", null);

        Assert.Equal(isAllowed ? Enum.Parse<AnomalyState>(to) : null, judged?.State);
    }

    [Fact]
    public void Anomalies_of_a_tenant_that_begin_near_each_other_are_one_group_and_those_of_another_are_not()
    {
        var first = Observe(null, 0, 40, Unusual)!;
        var second = Observe(null, 4, 40, Unusual, [first])!;
        var third = Observe(null, 8, 40, Unusual, [first, second])!;
        var late = Observe(null, 30, 40, Unusual, [first, second, third])!;
        var other = Observe(null, 1, 40, Unusual, [first with { TenantId = "globex" }])!;

        Assert.Equal([first.Id, first.Id, first.Id], new[] { first.GroupId, second.GroupId, third.GroupId });
        Assert.Equal([late.Id, other.Id], new[] { late.GroupId, other.GroupId });
    }

    [Fact]
    public void A_series_has_one_anomaly_at_a_time_and_skipped_points_change_nothing() =>
        Prop.ForAll(Gen.Elements(Usual, Unusual, Detection.Skipped).ArrayOf().ToArbitrary(), feed =>
        {
            Anomaly? now = null;
            for (var minute = 0; minute < feed.Length; minute++)
            {
                var before = now;
                now = Observe(now, minute, 40, feed[minute]);
                Assert.True(!feed[minute].IsSkipped || now == before);
                Assert.True(before is not { EndedAt: null } || now!.Id == before.Id);
                Assert.True(feed[minute].IsSkipped || feed[minute].IsAnomalous == (now is { EndedAt: null }));
            }
        }).QuickCheckThrowOnFailure();

    private static Anomaly? Observe(Anomaly? now, int minute, double value, Detection said, IEnumerable<Anomaly>? near = null) =>
        AnomalyLife.Observe(now, Guid.NewGuid(), ("acme", "events.error"), At.AddMinutes(minute), value, said, near ?? []);
}
