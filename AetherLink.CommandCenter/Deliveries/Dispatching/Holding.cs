using System.Data;
using System.Globalization;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>
/// This replica as a holder of leases: a number, and its advisory lock on a connection of its own, which ends with the process.
/// By the locks the others see at once who is gone, and take over what it held, without waiting for the leases' end.
/// </summary>
internal sealed class Holding(
    NpgsqlDataSource source, DispatchSignal signal, Settling settling, DatabaseReady database, TimeProvider clock, ILogger<Holding> logger)
    : BackgroundLoop(logger, clock)
{
    /// <summary>The class of the holders' locks among the advisory locks of the database: 'deli' in ASCII.</summary>
    private const string LockClass = "1684368489";

    /// <summary>How often the dead are looked for, and what has come of age.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

    // One statement each second while all are alive: the lock of a living holder is not to be had.
    private const string Bury =
        $"""
        with dead as materialized (
            select id from command_center.delivery_dispatchers where id <> $1 and pg_try_advisory_xact_lock({LockClass}, id::int)
        ), freed as (
            update command_center.delivery_queue q set due_at = now(), lease_until = null, holder = null
            from dead where q.holder = dead.id
        )
        delete from command_center.delivery_dispatchers d using dead where d.id = dead.id
        """;

    private readonly ILogger _logger = logger;
    private long _holder;

    /// <summary>The number under which leases are taken; null while there is none.</summary>
    public long? Holder => Volatile.Read(ref _holder) is > 0 and var holder ? holder : null;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        while (true)
        {
            try
            {
                await HoldAsync(stopping);
            }
            catch (NpgsqlException away)
            {
                Log.HolderIsAway(_logger, away.Message);
            }
            finally
            {
                Volatile.Write(ref _holder, 0);
            }
            await Task.Delay(AskAgain, Clock, stopping);
        }
    }

    private async Task HoldAsync(CancellationToken stopping)
    {
        await using var connection = await source.OpenConnectionAsync(stopping);
        var holder = await RegisterAsync(connection, stopping);
        try
        {
            // What it left itself it has been told of, where it could take it.
            var own = holder.ToString(CultureInfo.InvariantCulture);
            connection.Notification += (_, left) =>
            {
                if (left.Payload != own)
                {
                    signal.Pulse();
                }
            };
            await ExecuteAsync(connection, $"listen {DispatchSignal.Channel}", null, stopping);
            Volatile.Write(ref _holder, holder);
            while (true)
            {
                await ExecuteAsync(connection, Bury, holder, stopping);
                await settling.SettleAsync(connection, stopping);
                signal.Pulse();
                var next = Clock.GetTimestamp();
                while (Clock.GetElapsedTime(next) is var passed && passed < Interval)
                {
                    // A wait of no whole millisecond would be one without an end.
                    await connection.WaitAsync(Math.Max(1, (int)(Interval - passed).TotalMilliseconds), stopping);
                }
            }
        }
        finally
        {
            // A connection that broke has lost the lock with it; one that goes back to the pool would keep it.
            if (connection.State is ConnectionState.Open)
            {
                await ExecuteAsync(connection, "unlisten *; select pg_advisory_unlock_all()", null, CancellationToken.None);
            }
        }
    }

    /// <summary>Its row is seen by the others only together with its lock.</summary>
    private static async Task<long> RegisterAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("insert into command_center.delivery_dispatchers default values returning id", connection);
        var holder = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockClass}, $1::int)", holder, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return holder;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, long? parameter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (parameter is { } value)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        }
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
