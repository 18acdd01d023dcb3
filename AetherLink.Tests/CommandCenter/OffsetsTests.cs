using AetherLink.CommandCenter.Kafka;
using Confluent.Kafka;

namespace AetherLink.Tests.CommandCenter;

public sealed class OffsetsTests
{
    private static readonly TopicPartition First = new("t", 0);
    private static readonly TopicPartition Second = new("t", 1);
    private readonly Offsets _offsets = new();

    [Fact]
    public void What_follows_the_groups_place_is_no_jump()
    {
        _offsets.Expect([new(First, 10), new(Second, Offset.Unset)]);

        Assert.Equal([0, 0, 0, 0], new[] { new TopicPartitionOffset(First, 10), new(First, 11), new(Second, 700), new(Second, 701) }.Select(_offsets.Take));
    }

    [Fact]
    public void What_was_dropped_is_counted_once_for_each_partition()
    {
        _offsets.Expect([new(First, 10), new(Second, 0)]);

        Assert.Equal([5, 0, 3], new[] { new TopicPartitionOffset(First, 15), new(First, 16), new(Second, 3) }.Select(_offsets.Take));
    }

    [Fact]
    public void Partition_that_begins_again_is_a_jump_back()
    {
        _offsets.Expect([new(First, 10)]);

        Assert.Equal([-10, 0], new[] { new TopicPartitionOffset(First, 0), new(First, 1) }.Select(_offsets.Take));
    }
}
