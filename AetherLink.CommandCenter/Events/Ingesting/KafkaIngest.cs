using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.CommandCenter.Events.Validating;
using AetherLink.CommandCenter.Kafka;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Ingesting;

/// <summary>
/// Stores what other services published through Kafka. The offsets follow the database's commit, so that nothing is lost; what
/// comes twice is found by its id. What can never be stored goes to the dead letters, and does not stop the rest.
/// </summary>
internal sealed class KafkaIngest(
    GroupCommit commit, DeadLetters deadLetters, KafkaAddress kafka, TopicSignature signature, DatabaseReady database, ServiceIdentity identity, ConsumerMetrics metrics,
    SchemaRegistry schemas, NpgsqlDataSource source, SharedTime time, TimeProvider clock, ILogger<KafkaIngest> logger)
    : BatchConsumer(Topics.OpsEvents, kafka, signature, deadLetters, database, identity, metrics, logger)
{
    /// <summary>Between two tries while the storage is away.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Less than Kafka allows between two polls (5 min); then the consumer starts anew from its offsets.</summary>
    private const int MostTries = 120;

    protected override async Task HandleAsync(IReadOnlyList<Incoming> batch, CancellationToken cancellationToken)
    {
        var foreign = batch.Where(message => !IsOwn(message)).ToList();
        var readings = Read(foreign, time.Now, schemas.Current);
        if (readings.Exists(reading => !reading.IsValid))
        {
            // Nothing is put aside for a type that was registered a moment ago, nor because Postgres' clock was set since it was heard.
            var (known, now) = await AskAsync(cancellationToken);
            readings = Read(foreign, now, known);
        }
        var valid = Enumerable.Range(0, foreign.Count).Where(index => readings[index].IsValid).ToList();
        var receipts = await StoreAsync(valid.ConvertAll(index => readings[index].Draft!), cancellationToken);

        var invalid = foreign.Zip(readings).Where(pair => !pair.Second.IsValid)
            .Select(pair => new DeadLetter(pair.First, pair.Second.Detail));
        var refused = valid.Zip(receipts).Where(pair => pair.Second.Outcome is Outcome.Rejected)
            .Select(pair => new DeadLetter(foreign[pair.First], pair.Second.Reason!));
        await DeadLetters.SendAsync([.. invalid, .. refused], cancellationToken);
    }

    private static List<EnvelopeReading> Read(List<Incoming> messages, DateTimeOffset now, SchemaSet known) => messages.ConvertAll(
        message => EnvelopeReader.Read(message.Value, ArrivalOf(message, now), known, IsCloudEvent(message)));

    /// <summary>As the Kafka binding of CloudEvents marks an event in structured mode.</summary>
    private static bool IsCloudEvent(Incoming message) =>
        message.Headers.GetValueOrDefault("content-type")?.StartsWith("application/cloudevents+json", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>What types there are, and what time it is, by what all replicas share.</summary>
    private async Task<(SchemaSet Known, DateTimeOffset Now)> AskAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return (await schemas.RefreshAsync(cancellationToken), await source.NowAsync(cancellationToken));
            }
            catch (NpgsqlException away) when (tries < MostTries)
            {
                Log.IngestWaits(Logger, 0, away);
            }
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    /// <summary>The relay's: they came from here, and are stored.</summary>
    private bool IsOwn(Incoming message) => message.Headers.GetValueOrDefault("origin") == Identity.Resource;

    private static Arrival ArrivalOf(Incoming message, DateTimeOffset now) =>
        new(now, Origin.Kafka)
        {
            Publisher = message.Headers.GetValueOrDefault("origin"),
            // A batch whose offsets were not committed comes again: without an id of its own each event would be a new one then.
            EventId = message.Id().ToString(),
        };

    private async Task<IReadOnlyList<Receipt>> StoreAsync(List<EventDraft> drafts, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                if (commit.TrySubmit(drafts) is { } submitted)
                {
                    return await submitted;
                }
                Log.IngestWaits(Logger, drafts.Count, null);
            }
            catch (StorageUnavailableException away) when (tries < MostTries)
            {
                Log.IngestWaits(Logger, drafts.Count, away.InnerException);
            }
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }
}
