using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Confluent.Kafka;

/// <summary>Healthy when the cluster acknowledges a message: a broker that answers but cannot store is not healthy.</summary>
internal sealed class KafkaHealthCheck(ClientConfig config) : IHealthCheck, IDisposable
{
    // The topic of the check that the real package uses, so that both can share a cluster's access rules.
    private const string Topic = "healthchecks-topic";

    private readonly Lock _gate = new();
    private IProducer<string, string>? _producer;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var message = new Message<string, string> { Key = "healthcheck-key", Value = "Check Kafka healthy" };
            var result = await Producer().ProduceAsync(Topic, message, cancellationToken).ConfigureAwait(false);
            return result.Status == PersistenceStatus.NotPersisted
                ? new HealthCheckResult(context.Registration.FailureStatus, "The message was not persisted, or nobody acknowledged it.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception: e);
        }
    }

    public void Dispose() => _producer?.Dispose();

    // One producer for all checks, made at the first: a new one at each check would look the cluster up anew.
    private IProducer<string, string> Producer()
    {
        lock (_gate)
        {
            return _producer ??= KafkaClients.Build(new ProducerBuilder<string, string>(Configuration())
                .SetLogHandler(static (_, _) => { }) // the product's own client logs the same troubles already
                .Build);
        }
    }

    // A second for the socket and for the message: a check has to answer while somebody waits for it. librdkafka ignores
    // a consumer's settings here; those of the .NET consumer it would refuse.
    private ProducerConfig Configuration() => new(
        config.Where(pair => !pair.Key.StartsWith("dotnet.consumer.", StringComparison.Ordinal)).ToDictionary())
    {
        SocketTimeoutMs = 1000,
        MessageTimeoutMs = 1000,
        StatisticsIntervalMs = 0,
    };
}
