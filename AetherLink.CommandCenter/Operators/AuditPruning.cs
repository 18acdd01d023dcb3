using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Operators;

/// <summary>
/// Removes entries that are older than their retention, once an hour. The head keeps where they ended, under its seal, so that what
/// is left can still be checked.
/// </summary>
internal sealed class AuditPruning(
    NpgsqlDataSource source, ChainSealing sealing, IConfiguration configuration, DatabaseReady database, TimeProvider clock, ILogger<AuditPruning> logger)
    : BackgroundLoop(logger, clock)
{
    internal const string Setting = "OPERATOR_AUDIT_RETENTION_DAYS";

    /// <summary>Longer than events are kept: an audit is asked for after the year's end.</summary>
    private const int DefaultDays = 400;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly ILogger _logger = logger;
    private readonly int _days = Days(configuration[Setting]);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            var pruned = await PruneOldAsync(stopping);
            if (pruned > 0)
            {
                Log.AuditPruned(_logger, pruned, _days);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    internal async Task<long> PruneOldAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now;
        await using (var connection = await source.OpenConnectionAsync(cancellationToken))
        {
            now = await SlowerClock.NowAsync(connection, Clock, cancellationToken);
        }
        return await PruneAsync(now.AddDays(-_days), cancellationToken);
    }

    /// <summary>
    /// Removes the entries before the first that is not older than the bound. None where the chain does not hold: whoever can write to
    /// the table could otherwise date entries back, and have the service remove them under its own seal.
    /// </summary>
    internal async Task<long> PruneAsync(DateTimeOffset bound, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (head, seal) = await OperatorAudit.HeadAsync(connection, "for update", cancellationToken);
        if (await LastBeforeAsync(connection, bound, cancellationToken) is not { } last)
        {
            return 0;
        }
        // A seal of its own would hide that the one that is there does not hold.
        if (!sealing.IsSealed(head, seal))
        {
            Log.AuditNotSealed(_logger, head.Seq);
            return 0;
        }
        if (await FirstBrokenAsync(connection, head, last.Seq, cancellationToken) is { } broken)
        {
            Log.AuditNotIntact(_logger, broken.Reason);
            return 0;
        }
        var pruned = last.Seq - head.PrunedSeq;
        head = head with { PrunedSeq = last.Seq, PrunedHash = last.Hash };
        await using var remove = new NpgsqlCommand(
            """
            with gone as (delete from command_center.operator_audit where seq <= $1),
                marks as (delete from command_center.told_changes where told_at < $4)
            update command_center.operator_audit_head set pruned_seq = $1, pruned_hash = $2, seal = $3
            """, connection)
        { CommandTimeout = 0 };
        remove.Parameters.Add(new NpgsqlParameter<long> { TypedValue = head.PrunedSeq });
        remove.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = head.PrunedHash });
        remove.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = sealing.Seal(head) });
        remove.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = bound.UtcDateTime });
        await remove.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return pruned;
    }

    private static async Task<(long Seq, byte[] Hash)?> LastBeforeAsync(NpgsqlConnection connection, DateTimeOffset bound, CancellationToken cancellationToken)
    {
        // By number and not by time: a clock that was set back leaves older times behind newer ones.
        await using var command = new NpgsqlCommand(
            """
            select seq, hash from command_center.operator_audit
            where seq < coalesce((select min(seq) from command_center.operator_audit where at >= $1), 9223372036854775807)
            order by seq desc limit 1
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = bound.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : null;
    }

    private static async Task<BrokenLink?> FirstBrokenAsync(NpgsqlConnection connection, ChainHead head, long last, CancellationToken cancellationToken)
    {
        var check = new ChainCheck(head);
        await using var command = new NpgsqlCommand(
            $"select {AuditReader.Columns} from command_center.operator_audit where seq <= $1 order by seq", connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            if (check.Follow(AuditReader.Row(row)) is { } broken)
            {
                return broken;
            }
        }
        return null;
    }

    private static int Days(string? text) =>
        text is not { Length: > 0 } ? DefaultDays
        : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 36_500 ? days
        : throw new InvalidOperationException($"{Setting}={text} is wrong: it must be a number of days, 1 to 36500.");
}
