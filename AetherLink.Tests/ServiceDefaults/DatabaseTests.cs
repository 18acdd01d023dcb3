using System.Diagnostics.CodeAnalysis;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class DatabaseTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Schema_is_made_with_its_own_history_also_by_two_replicas_at_once()
    {
        await using var first = await StartAsync("twice");
        await using var second = await StartAsync("twice");

        await Ready(first).WaitAsync().WaitAsync(Soon);
        await Ready(second).WaitAsync().WaitAsync(Soon);

        Assert.Equal(1L, await AskAsync(first, $"select count(*) from twice.{ServiceDatabase.HistoryTable}"));
        Assert.Equal(0L, await AskAsync(first, "select count(*) from toys"));
        await using var context = await first.Services.GetRequiredService<IDbContextFactory<ToyContext>>().CreateDbContextAsync();
        await using var transaction = await context.Database.BeginTransactionAsync();
        Assert.Empty(first.Logs.Errors.Concat(second.Logs.Errors));
    }

    [Fact]
    public async Task Service_starts_without_postgres_and_is_ready_once_it_is_there()
    {
        await database.GoAwayAsync();
        await using var app = await StartAsync("late");
        using (var early = await app.SendAsync("/health"))
        {
            Assert.Equal(503, (int)early.StatusCode);
        }
        using (var alive = await app.SendAsync("/alive"))
        {
            Assert.Equal(200, (int)alive.StatusCode);
        }

        await database.ComeBackAsync();

        await Ready(app).WaitAsync().WaitAsync(Soon);
        var health = await app.GetAsync("/health");
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal("healthy", health.GetProperty("checks").GetProperty("schema").GetProperty("status").GetString());
        Assert.Empty(app.Logs.Errors);
    }

    [Fact]
    public void Missing_connection_string_stops_the_start_with_its_name()
    {
        var refusal = Assert.Throws<InvalidOperationException>(
            () => ToyApp.Build(add: builder => builder.AddServiceDatabase<ToyContext>("nowhere", "toys")));
        Assert.Contains("ConnectionStrings__nowhere", refusal.Message, StringComparison.Ordinal);
    }

    private Task<ToyApp> StartAsync(string schema) => ToyApp.StartAsync(
        settings: new() { ["ConnectionStrings:aetherlink"] = database.ConnectionString },
        add: builder => builder.AddServiceDatabase<ToyContext>("aetherlink", schema));

    private static DatabaseReady Ready(ToyApp app) => app.Services.GetRequiredService<DatabaseReady>();

    [SuppressMessage("Security", "CA2100", Justification = "The text is the test's own.")]
    private static async Task<object?> AskAsync(ToyApp app, string sql)
    {
        await using var command = app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    internal sealed class ToyContext(DbContextOptions<ToyContext> options) : DbContext(options);

    [DbContext(typeof(ToyContext))]
    [Migration("20260101000000_Toys")]
    internal sealed class Toys : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("create table if not exists toys (id bigint primary key)");
    }
}
