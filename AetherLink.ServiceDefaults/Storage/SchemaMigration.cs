using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace AetherLink.ServiceDefaults;

/// <summary>Brings a schema up to date, as soon as Postgres is there.</summary>
internal sealed class SchemaMigration<TContext>(
    string schema, IDbContextFactory<TContext> contexts, NpgsqlDataSource database, DatabaseReady ready, IEnumerable<MigrationSetting> settings,
    ILogger<SchemaMigration<TContext>> logger, TimeProvider clock) : BackgroundLoop(logger, clock)
    where TContext : DbContext
{
    /// <summary>How often an absent Postgres is asked; its start takes a second or two.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await WaitForPostgresAsync(stopping);
        Log.Migrating(logger, schema);
        await MigrateAsync(stopping);
        Log.Migrated(logger, schema);
        ready.Set();
    }

    // Asked without EF, which would log an error for each time that nobody answers.
    private async Task WaitForPostgresAsync(CancellationToken stopping)
    {
        for (var hasComplained = false; ; hasComplained = true)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stopping);
                return;
            }
            catch (NpgsqlException exception)
            {
                if (!hasComplained)
                    Log.WaitingForPostgres(logger, exception.Message);
            }
            await Task.Delay(Interval, Clock, stopping);
        }
    }

    private async Task MigrateAsync(CancellationToken stopping)
    {
        await using var context = await contexts.CreateDbContextAsync(stopping);
        // Made here, since EF asks the history for what it has before it makes it, and logs its absence as an error.
        var history = context.GetService<IHistoryRepository>().GetCreateIfNotExistsScript();
        await using var connection = await database.OpenConnectionAsync(stopping);
        // `create schema if not exists` of two replicas at once fails for one of them; and they migrate one after the other.
        await using (var begin = new NpgsqlCommand(
            $"select pg_advisory_lock(hashtext(@schema)); create schema if not exists \"{schema}\"; {history}", connection))
        {
            begin.Parameters.AddWithValue("schema", schema);
            await begin.ExecuteNonQueryAsync(stopping);
        }
        await context.Database.OpenConnectionAsync(stopping);
        foreach (var (name, value) in settings)
            await context.Database.ExecuteSqlAsync($"select set_config({name}, {value}, false)", stopping);
        await context.Database.MigrateAsync(stopping);
        await using var end = new NpgsqlCommand("select pg_advisory_unlock(hashtext(@schema))", connection);
        end.Parameters.AddWithValue("schema", schema);
        await end.ExecuteNonQueryAsync(stopping);
    }
}

/// <summary>What a migration has to know that only the service does: a setting of the connection on which it runs.</summary>
/// <param name="Name">With a dot in it, as Postgres asks of names that are not its own.</param>
/// <param name="Value">Any text.</param>
public sealed record MigrationSetting(string Name, string Value);
