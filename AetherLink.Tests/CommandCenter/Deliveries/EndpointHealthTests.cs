using AetherLink.CommandCenter.Deliveries.Scheduling;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class EndpointHealthTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Endpoint_warns_at_half_and_nine_tenths_of_five_days_and_is_then_disabled()
    {
        var health = EndpointHealth.Well;
        var news = new List<(double Days, HealthNews News)>();
        for (var at = Start; at <= Start.AddDays(5); at += TimeSpan.FromHours(3))
        {
            (health, var what) = health.AfterFailure(at, isGone: false, retryAfter: null);
            if (what is not HealthNews.None)
            {
                news.Add(((at - Start).TotalDays, what));
            }
        }

        Assert.Equal([(2.5, HealthNews.Warned), (4.5, HealthNews.Warned), (5.0, HealthNews.Disabled)], news);
    }

    /// <summary>However seldom it is sent to: both warnings, each with half a day to do something, and then the end.</summary>
    [Theory]
    [InlineData(0.0, 5.0)]
    [InlineData(0.0, 4.7)]
    [InlineData(0.0, 5.0, 5.01, 5.02, 5.2)]
    [InlineData(0.0, 40.0)]
    public void Endpoint_that_is_seldom_sent_to_is_disabled_only_after_both_warnings(params double[] days)
    {
        var (health, warned, last) = (EndpointHealth.Well, new List<double>(), HealthNews.None);
        foreach (var day in days.Concat(Enumerable.Range(1, 40).Select(n => days[^1] + (n * 0.3))).TakeWhile(_ => last is not HealthNews.Disabled))
        {
            (health, last) = health.AfterFailure(Start.AddDays(day), false, null);
            if (last is HealthNews.Warned)
            {
                warned.Add(day);
            }
            Assert.True(last is not HealthNews.Disabled || (warned.Count == 2 && day - warned[1] >= 0.5), $"disabled on day {day}");
        }

        Assert.Equal(HealthNews.Disabled, last);
        Assert.True(warned[1] - warned[0] >= 0.5);
    }

    [Fact]
    public void Success_in_between_begins_anew() =>
        Assert.Equal(HealthNews.None, EndpointHealth.Well.AfterFailure(Start.AddDays(5), false, null).News);

    [Fact]
    public void Endpoint_that_is_gone_is_told_at_once() =>
        Assert.Equal(HealthNews.Gone, EndpointHealth.Well.AfterFailure(Start, isGone: true, null).News);

    [Fact]
    public void Endpoint_cools_down_from_the_fifth_failure_in_a_row_ever_longer_up_to_five_minutes()
    {
        var health = EndpointHealth.Well;
        var cooldowns = new List<double>();
        for (var at = Start; cooldowns.Count < 12; at = health.CooldownUntil ?? at)
        {
            (health, _) = health.AfterFailure(at, false, null);
            cooldowns.Add(health.CooldownUntil is { } until ? (until - at).TotalSeconds : 0);
        }

        Assert.Equal([0, 0, 0, 0, 10, 20, 40, 80, 160, 300, 300, 300], cooldowns);
    }

    [Fact]
    public void Endpoint_cools_down_as_long_as_it_asks_for() => Assert.Equal(
        Start.AddSeconds(90), EndpointHealth.Well.AfterFailure(Start, false, TimeSpan.FromSeconds(90)).Next.CooldownUntil);

    [Fact]
    public void Cooldown_never_gets_shorter_by_a_failure() => Prop.ForAll<int, int, int>((failures, seconds, asked) =>
    {
        var before = new EndpointHealth(Math.Abs(failures % 50), Start, CooldownUntil: Start.AddSeconds(Math.Abs(seconds % 10_000)), CooldownReason: "x");
        var (after, _) = before.AfterFailure(Start.AddSeconds(1), false, asked % 2 == 0 ? null : TimeSpan.FromSeconds(Math.Abs(asked % 10_000)));
        return after.CooldownUntil >= before.CooldownUntil && after.Failures == before.Failures + 1;
    }).QuickCheckThrowOnFailure();
}
