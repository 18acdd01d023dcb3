using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
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

    [Fact]
    public async Task Killed_server_starts_again_when_its_process_id_is_another_servers_by_now()
    {
        await using var builder = Meshes.Empty($"--Aspire:Store:Path={_store}");
        builder.AddPostgres("postgres").WithDataVolume("killed");
        builder.AddPostgres("other").WithDataVolume("other");
        await using var app = await builder.StartAsync();
        await app.Healthy("postgres");
        await app.Healthy("other");
        var (killed, other) = (LockOf("killed"), LockOf("other"));
        using (var server = Process.GetProcessById(int.Parse(File.ReadLines(killed).First(), CultureInfo.InvariantCulture)))
        {
            server.Kill();
        }

        await app.Reaches("postgres", KnownResourceStates.Exited);
        await File.WriteAllLinesAsync(killed, [File.ReadLines(other).First(), .. File.ReadLines(killed).Skip(1)]);
        await app.ResourceCommands.ExecuteCommandAsync("postgres", KnownResourceCommands.StartCommand);

        await app.Reaches("postgres", KnownResourceStates.Running);
        await app.Healthy("postgres");
        Assert.NotEqual(File.ReadLines(other).First(), File.ReadLines(killed).First());

        string LockOf(string volume) =>
            Directory.GetFiles(_store, "postmaster.pid", SearchOption.AllDirectories).Single(file => file.Contains($"{volume}{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
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
