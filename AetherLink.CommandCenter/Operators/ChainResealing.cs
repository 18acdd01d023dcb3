using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Operators;

/// <summary>
/// Once, at the start: a seal that holds becomes one of the keys that this replica has. After the last replica has started with the new
/// mesh key, the old one is not needed any more, whether anybody changed anything meanwhile or not.
/// </summary>
internal sealed class ChainResealing(
    NpgsqlDataSource source, ChainSealing sealing, DatabaseReady database, ILogger<ChainResealing> logger, TimeProvider clock)
    : BackgroundLoop(logger, clock)
{
    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        await using var connection = await source.OpenConnectionAsync(stopping);
        await using var transaction = await connection.BeginTransactionAsync(stopping);
        var (head, seal) = await OperatorAudit.HeadAsync(connection, "for update", stopping);
        // One that does not hold stays as it is, for the verification to find.
        if (!sealing.IsSealed(head, seal) || sealing.Seal(head).AsSpan().SequenceEqual(seal))
        {
            return;
        }
        await using var update = new NpgsqlCommand("update command_center.operator_audit_head set seal = $1", connection);
        update.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = sealing.Seal(head) });
        await update.ExecuteNonQueryAsync(stopping);
        await transaction.CommitAsync(stopping);
    }
}
