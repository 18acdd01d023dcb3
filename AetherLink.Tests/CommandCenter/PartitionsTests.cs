using AetherLink.CommandCenter.Events.Retaining;

namespace AetherLink.Tests.CommandCenter;

public sealed class PartitionsTests
{
    [Fact]
    public void Partition_is_over_when_its_whole_day_lies_before_the_bound() => Assert.Equal(
        ["events_20260129", "events_20260130"],
        Partitions.Before(
            ["events_20260129", "events_20260130", "events_20260131", "events_20260201", "events_default", "other"],
            new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero)));

    [Fact]
    public void Partitions_are_dropped_at_the_longest_policy()
    {
        RetentionPolicy Of(string tenant, int days) => new() { TenantId = tenant, RetentionDays = days };

        Assert.Equal(90, RetentionPolicies.Of([]).LongestDays);
        Assert.Equal(120, RetentionPolicies.Of([Of("", 7), Of("a", 120), Of("b", 1)]).LongestDays);
        Assert.Equal(7, RetentionPolicies.Of([Of("", 7), Of("b", 1)]).LongestDays);
    }
}
