using Npgsql;

namespace AetherLink.Tests.Postgres;

/// <summary>A class fixture: one database of its own for a test class, on the run's one server.</summary>
public sealed class PostgresDatabase : IAsyncLifetime
{
    private PostgresServer _server = null!;

    public string ConnectionString { get; private set; } = "";

    public string Name => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.SharedAsync();
        ConnectionString = await _server.CreateDatabaseAsync("test");
    }

    /// <summary>Makes the database unreachable, as if its server were gone: connections are cut, and new ones refused.</summary>
    public async Task GoAwayAsync()
    {
        await _server.ExecuteAsync($"alter database \"{Name}\" with allow_connections false");
        await _server.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{Name}'");
    }

    public Task ComeBackAsync() => _server.ExecuteAsync($"alter database \"{Name}\" with allow_connections true");

    public Task DisposeAsync() => _server.ExecuteAsync($"drop database \"{Name}\" with (force)");
}
