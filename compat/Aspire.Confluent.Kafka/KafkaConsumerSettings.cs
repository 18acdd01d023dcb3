using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>How a Kafka consumer is connected and observed: bound from <c>Aspire:Confluent:Kafka:Consumer</c>, then from its named section.</summary>
public sealed class KafkaConsumerSettings
{
    /// <summary>The bootstrap servers, <c>host:port</c>; <c>ConnectionStrings:NAME</c> goes before the section's own.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The client's own configuration.</summary>
    public ConsumerConfig Config { get; } = new();

    /// <summary>Leaves the metrics out.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Leaves the health check out.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves the tracing out.</summary>
    public bool DisableTracing { get; set; }

    internal void Consolidate()
    {
        if (ConnectionString is not null) Config.BootstrapServers = ConnectionString;
    }

    // On first use and not at registration, so that an application without the connection string still starts and logs.
    internal void Validate()
    {
        if (string.IsNullOrEmpty(Config.BootstrapServers)) throw new InvalidOperationException("No bootstrap servers configured.");
        if (string.IsNullOrEmpty(Config.GroupId)) throw new InvalidOperationException("No group id configured.");
    }
}
