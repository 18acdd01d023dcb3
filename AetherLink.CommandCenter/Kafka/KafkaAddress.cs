namespace AetherLink.CommandCenter.Kafka;

/// <summary>Where Kafka is; null when this Command Center works without one.</summary>
internal sealed record KafkaAddress(string? BootstrapServers);
