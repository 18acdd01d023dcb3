using System.Text.Json;
using AetherLink.CommandCenter.Kafka;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Operators;

/// <summary>
/// Puts on record what people changed at other services, such as AutoHeal. The entry and the mark that it is on record are one
/// transaction, and the offset follows it: nothing is lost, and nothing is there twice.
/// </summary>
internal sealed class ChangeIngest(
    OperatorAudit audit, NpgsqlDataSource source, DeadLetters deadLetters, KafkaAddress kafka, TopicSignature signature, DatabaseReady database,
    ServiceIdentity identity, ConsumerMetrics metrics, TimeProvider clock, ILogger<ChangeIngest> logger)
    : BatchConsumer(Topics.OperatorAudit, kafka, signature, deadLetters, database, identity, metrics, logger)
{
    protected override async Task HandleAsync(IReadOnlyList<Incoming> batch, CancellationToken cancellationToken)
    {
        var dead = new List<DeadLetter>();
        foreach (var message in batch)
        {
            if (Read(message, out var reason) is { } change)
            {
                await RecordAsync(change, cancellationToken);
            }
            else
            {
                dead.Add(new(message, reason));
            }
        }
        await DeadLetters.SendAsync(dead, cancellationToken);
    }

    private async Task RecordAsync(OperatorChange change, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var mark = new NpgsqlCommand(
            "insert into command_center.told_changes (id, told_at) values ($1, $2) on conflict do nothing", connection, transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = change.Id },
                new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime },
            },
        };
        if (await mark.ExecuteNonQueryAsync(cancellationToken) > 0)
        {
            await audit.RecordAsync(connection, change, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private static OperatorChange? Read(Incoming message, out string reason)
    {
        try
        {
            var change = JsonSerializer.Deserialize<OperatorChange>(message.Value.Span, Json.Wire);
            reason = change is null ? "It is null." : HoldsZero(message.Value.Span) ? "A text holds \\u0000." : "";
            return reason.Length == 0 ? change : null;
        }
        catch (JsonException invalid)
        {
            reason = invalid.Message;
            return null;
        }
    }

    /// <summary>
    /// Postgres has no text with a zero in it: one would come again for ever. A backslash before the escape makes it six ordinary
    /// characters, and two make it one again (RFC 8259, section 7).
    /// </summary>
    internal static bool HoldsZero(ReadOnlySpan<byte> json)
    {
        for (int found; (found = json.IndexOf("\\u0000"u8)) >= 0; json = json[(found + 1)..])
        {
            var backslashes = found - 1 - json[..found].LastIndexOfAnyExcept((byte)'\\');
            if (backslashes % 2 == 0)
            {
                return true;
            }
        }
        return false;
    }
}
