using AetherLink.CommandCenter.Kafka;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>Keeps what the Orchestrator's audit tells. A record that cannot be read goes to the dead letters.</summary>
internal sealed class AuditIngest(
    AiCallStore store, DeadLetters deadLetters, KafkaAddress kafka, TopicSignature signature, DatabaseReady database, ServiceIdentity identity,
    ConsumerMetrics metrics, ILogger<AuditIngest> logger)
    : BatchConsumer(Topics.OrchestratorAudit, kafka, signature, deadLetters, database, identity, metrics, logger)
{
    protected override async Task HandleAsync(IReadOnlyList<Incoming> batch, CancellationToken cancellationToken)
    {
        var readings = batch.Select(message => (Message: message, Reading: AiCallReader.Read(message.Value.Span))).ToList();
        var calls = readings.Select(read => read.Reading.Call).OfType<AiCall>().ToList();
        if (calls.Count > 0)
        {
            await store.WriteAsync(calls, cancellationToken);
        }
        await DeadLetters.SendAsync(
            [.. readings.Where(read => read.Reading.Call is null).Select(read => new DeadLetter(read.Message, read.Reading.Reason!))],
            cancellationToken);
    }
}
