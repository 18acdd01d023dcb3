using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Npgsql;

namespace Compat.Tests.AspireHosting;

public sealed class StoreTests : IDisposable
{
    private readonly string _store = Directory.CreateTempSubdirectory("aspire-test-").FullName;

    public void Dispose() => Directory.Delete(_store, recursive: true);

    [Fact]
    public async Task Volume_and_password_are_there_in_the_next_run()
    {
        await RunAsync("create table kept as select 'still here' as words");

        Assert.Equal("still here", await RunAsync("select words from kept"));
    }

    [Fact]
    public async Task Server_without_a_volume_leaves_nothing()
    {
        await using var builder = Meshes.Empty($"--Aspire:Store:Path={_store}");
        builder.AddPostgres("postgres").AddDatabase("data");
        var app = await builder.StartAsync();
        await app.Healthy("data");
        Assert.Single(Directory.GetDirectories(Path.Combine(_store, "run")));

        await app.DisposeAsync();

        Assert.Empty(Directory.GetDirectories(Path.Combine(_store, "run")));
    }

    private async Task<object?> RunAsync(string sql)
    {
        await using var builder = Meshes.Empty($"--Aspire:Store:Path={_store}");
        builder.AddPostgres("postgres").WithDataVolume().AddDatabase("data", "data_base");
        await using var app = await builder.StartAsync();
        await app.Healthy("data");
        var connectionString = await app.GetConnectionStringAsync("data");
        Assert.EndsWith(";Database=data_base", connectionString, StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
