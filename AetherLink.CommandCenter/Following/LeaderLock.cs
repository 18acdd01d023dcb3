using System.Data;
using Npgsql;

namespace AetherLink.CommandCenter.Following;

/// <summary>
/// The lock of the one replica that does a work, with the connection it is held on. Postgres frees it with the connection:
/// at once when the process dies, after seconds when its machine vanishes or the process hangs.
/// </summary>
internal sealed class LeaderLock : IAsyncDisposable
{
    /// <summary>The followers' own space among the advisory locks of the database: 'foll' in ASCII.</summary>
    private const int Space = 0x666f6c6c;

    // A peer that vanished is noticed after 2 + 2 x 1 s. A process that hangs does not ask for anything any more: a leader does
    // so every second. What is said over a Unix socket needs no keepalive, and ignores it.
    private const string Settings =
        """
        set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 2;
        set idle_session_timeout = '15s'; set idle_in_transaction_session_timeout = '15s'
        """;

    // The connection goes back to a pool, whose others must not inherit this.
    private const string Reset =
        """
        reset tcp_keepalives_idle; reset tcp_keepalives_interval; reset tcp_keepalives_count;
        reset idle_session_timeout; reset idle_in_transaction_session_timeout
        """;

    private readonly string _name;

    private LeaderLock(string name, NpgsqlConnection connection) => (_name, Connection) = (name, connection);

    public NpgsqlConnection Connection { get; }

    /// <summary>Null while somebody else holds it.</summary>
    public static async Task<LeaderLock?> TryTakeAsync(NpgsqlDataSource source, string name, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var take = Command("select pg_try_advisory_lock($1, hashtext($2))", name, connection);
            if (await take.ExecuteScalarAsync(cancellationToken) is true)
            {
                await using var settings = new NpgsqlCommand(Settings, connection);
                await settings.ExecuteNonQueryAsync(cancellationToken);
                return new(name, connection);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Throws when the connection, and the lock with it, is lost.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var ping = new NpgsqlCommand("select 1", Connection);
        await ping.ExecuteScalarAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // A connection that broke has lost the lock with it.
            if (Connection.State is ConnectionState.Open)
            {
                await using var free = Command("select pg_advisory_unlock($1, hashtext($2))", _name, Connection);
                await free.ExecuteNonQueryAsync(CancellationToken.None);
                await using var reset = new NpgsqlCommand(Reset, Connection);
                await reset.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
        catch (NpgsqlException) when (Connection.State is not ConnectionState.Open)
        {
            // Broke only now: the same.
            return;
        }
        finally
        {
            await Connection.DisposeAsync();
        }
    }

    private static NpgsqlCommand Command(string sql, string name, NpgsqlConnection connection) => new(sql, connection)
    {
        Parameters = { new NpgsqlParameter<int> { TypedValue = Space }, new NpgsqlParameter<string> { TypedValue = name } },
    };
}
