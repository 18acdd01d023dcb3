using Confluent.Kafka;

namespace AetherLink.CommandCenter.Kafka;

/// <summary>
/// Which offset each partition is expected to go on with. A broker that has dropped it (retention, lost data) lets a consumer
/// begin at the earliest that it has, and says nothing: the jump does. Our producers use no transactions and the topics are not
/// compacted, so that offsets have no other holes. For one thread.
/// </summary>
internal sealed class Offsets
{
    private readonly Dictionary<TopicPartition, long> _next = [];

    /// <summary>Where the group stands. A partition that it has no place in yet may begin anywhere.</summary>
    public void Expect(IEnumerable<TopicPartitionOffset> committed)
    {
        _next.Clear();
        foreach (var place in committed.Where(place => !place.Offset.IsSpecial))
        {
            _next[place.TopicPartition] = place.Offset.Value;
        }
    }

    /// <summary>
    /// The offset was taken. How many were skipped before it: 0 when it is the one that was expected, negative when the partition
    /// begins again at a smaller number, since the broker has lost what it had.
    /// </summary>
    public long Take(TopicPartitionOffset place)
    {
        var skipped = _next.TryGetValue(place.TopicPartition, out var expected) ? place.Offset.Value - expected : 0;
        _next[place.TopicPartition] = place.Offset.Value + 1;
        return skipped;
    }
}
