using AetherLink.AutoHeal.Storage;
using AetherLink.CommandCenter.Storage;
using AetherLink.Orchestrator.Governance.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AetherLink.Tests.Postgres;

/// <summary>The services' schemas, as their own migrations make them.</summary>
internal static class Schemas
{
    /// <summary>Sealed by the mesh's key, which only a service has: it does that again.</summary>
    private const string UndoSeal =
        $"""
        alter table command_center.operator_audit_head drop constraint operator_audit_head_order;
        delete from command_center.{ServiceDatabase.HistoryTable} where "MigrationId" like '%\_sealed\_start';
        """;

    public static async Task MakeAsync(string connectionString)
    {
        // Nothing may be connected to a database that others are copied from.
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await MakeAsync(connection, CommandCenterDb.Schema, (DbContextOptions<CommandCenterDb> options) => new CommandCenterDb(options));
        await MakeAsync(connection, OrchestratorDb.Schema, (DbContextOptions<OrchestratorDb> options) => new OrchestratorDb(options));
        await MakeAsync(connection, HealContext.Schema, (DbContextOptions<HealContext> options) => new HealContext(options));
        await using var undo = new NpgsqlCommand(UndoSeal, connection);
        await undo.ExecuteNonQueryAsync();
    }

    private static async Task MakeAsync<TContext>(
        NpgsqlConnection connection, string schema, Func<DbContextOptions<TContext>, TContext> create)
        where TContext : DbContext
    {
        await using var command = new NpgsqlCommand($"create schema \"{schema}\"", connection);
        await command.ExecuteNonQueryAsync();
        var options = new DbContextOptionsBuilder<TContext>()
            .UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable(ServiceDatabase.HistoryTable, schema))
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options;
        await using var context = create(options);
        await context.Database.MigrateAsync();
    }
}

public sealed partial class PostgresServer
{
    static partial void ChooseContent(ref Func<string, Task> fill) => fill = Schemas.MakeAsync;
}
