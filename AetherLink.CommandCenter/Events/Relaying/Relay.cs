using System.Data;
using System.Text.Json;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.CommandCenter.Kafka;
using AetherLink.ServiceDefaults;
using Confluent.Kafka;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Relaying;

/// <summary>
/// The outbox: carries what did not come from Kafka to Kafka, in the order of commits, and remembers how far it is. After an
/// absence of Kafka, or of this service, it goes on from there. One replica at a time.
/// </summary>
internal sealed class Relay(
    IEventLog log, NpgsqlDataSource source, CommitSignal signal, TopicProducer producer, KafkaAddress kafka, DatabaseReady database,
    ServiceIdentity identity, TimeProvider clock, ILogger<Relay> logger) : BackgroundLoop(logger, clock)
{
    private const int Page = 500;

    /// <summary>The lock of the one replica that relays: 'relay' in ASCII.</summary>
    private const long RelayLock = 0x72656c6179;

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);
    private static readonly EventFilter FromHere = EventFilter.All with { Origin = Origin.Http };

    private readonly ILogger _logger = logger;
    private readonly WakeUps _wakeUps = signal.Listen();

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (kafka.BootstrapServers is null)
        {
            Log.KafkaIsNotConfigured(_logger, "the relay");
            return;
        }
        await database.WaitAsync(stopping);
        // The lock ends with its connection, and the connection with the process.
        await using var connection = await source.OpenConnectionAsync(stopping);
        while (!await TryLockAsync(connection, stopping))
        {
            await Task.Delay(AskAgain, Clock, stopping);
        }
        try
        {
            await RelayAsync(connection, stopping);
        }
        finally
        {
            // A connection that broke has lost the lock with it.
            if (connection.State is ConnectionState.Open)
            {
                await using var unlock = new NpgsqlCommand($"select pg_advisory_unlock({RelayLock})", connection);
                await unlock.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    private async Task RelayAsync(NpgsqlConnection connection, CancellationToken stopping)
    {
        var position = await PositionAsync(connection, stopping);
        while (true)
        {
            var head = await log.HeadAsync(stopping);
            var events = await log.AfterAsync(position, head, FromHere, Page, stopping);
            await HandOverAsync(events, stopping);
            var reached = events.Count < Page ? head : events[^1].Sequence;
            if (reached > position)
            {
                await SaveAsync(connection, position = reached, stopping);
            }
            if (events.Count < Page)
            {
                await _wakeUps.WaitAsync(stopping);
            }
        }
    }

    private async Task HandOverAsync(IReadOnlyList<StoredEvent> events, CancellationToken stopping)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await producer.ProduceAsync(Topics.OpsEvents, events.Select(Of), stopping);
                return;
            }
            catch (KafkaException away)
            {
                if (tries == 1)
                {
                    Log.KafkaIsAway(_logger, Topics.OpsEvents, away.Error.Reason);
                }
                await Task.Delay(AskAgain, Clock, stopping);
            }
        }
    }

    private Outgoing Of(StoredEvent stored) => new(
        stored.TenantId,
        JsonSerializer.SerializeToUtf8Bytes(RelayedEvent.Of(stored), EventsJson.Wire.RelayedEvent),
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = stored.EventType,
            ["version"] = "1",
            ["origin"] = identity.Resource,
        });

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({RelayLock})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<long> PositionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select coalesce(max(seq), 0) from command_center.relay_positions where name = 'kafka'", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // Over the connection that holds the lock: whoever lost the lock cannot move the position.
    private static async Task SaveAsync(NpgsqlConnection connection, long position, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into command_center.relay_positions values ('kafka', $1)
            on conflict (name) do update set seq = excluded.seq
            """, connection)
        { Parameters = { new NpgsqlParameter<long> { TypedValue = position } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
