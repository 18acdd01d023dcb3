using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace Aspire.Hosting.Postgres;

internal static class PostgresDatabases
{
    internal static async Task CreateMissingAsync(PostgresServerResource server, CancellationToken cancellationToken)
    {
        var connectionString = await server.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false);
        foreach (var database in server.Databases.Values.Distinct())
        {
            if (!await ExistsAsync(connectionString!, database, cancellationToken).ConfigureAwait(false))
            {
                await CreateAsync(connectionString!, database, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    internal static async Task<bool> ExistsAsync(string connectionString, string database, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(connectionString, "postgres", cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var command = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection)
            {
                Parameters = { new() { Value = database } },
            };
            await using (command.ConfigureAwait(false))
            {
                return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not null;
            }
        }
    }

    // No pool: a pooled connection would outlive the server's restart, and hold up its end.
    internal static async Task<NpgsqlConnection> OpenAsync(string connectionString, string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Database = database,
            Pooling = false,
            Timeout = 5,
        }.ConnectionString);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        return connection;
    }

    [SuppressMessage("Security", "CA2100", Justification = "An identifier cannot be a parameter; it is quoted.")]
    private static async Task CreateAsync(string connectionString, string database, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(connectionString, "postgres", cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var command = new NpgsqlCommand($"create database {new NpgsqlCommandBuilder().QuoteIdentifier(database)}", connection);
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
