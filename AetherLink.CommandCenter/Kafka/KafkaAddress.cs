namespace AetherLink.CommandCenter.Kafka;

/// <summary>Where Kafka is; null when this Command Center works without one.</summary>
internal sealed record KafkaAddress(string? BootstrapServers)
{
    /// <summary>
    /// A client that has heard of lost brokers, and of nothing good since, for this long is replaced: librdkafka keeps to the
    /// address of a group's coordinator, also when the broker has come back with another.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);
}
