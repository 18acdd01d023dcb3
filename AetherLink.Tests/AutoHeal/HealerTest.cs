using AetherLink.Tests.Postgres;
using Npgsql;

namespace AetherLink.Tests.AutoHeal;

/// <summary>A database, a folder and a fake mesh of a test's own, and healers over them.</summary>
public abstract class HealerTest(params string[] services) : IAsyncLifetime
{
    /// <summary>A database, where the test goes on without it for a while.</summary>
    protected PostgresDatabase Database { get; } = new();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("aether-heal-").FullName;

    /// <summary>Where a fake engine listens, if the test has one.</summary>
    protected string Socket => Path.Combine(Folder, "engine.sock");

    private protected FakeMesh Mesh { get; private set; } = null!;

    /// <summary>Of every healer that the test starts.</summary>
    private protected virtual (string, string)[] Settings => [];

    public virtual async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        Mesh = await FakeMesh.StartAsync(services);
    }

    public virtual async Task DisposeAsync()
    {
        await Mesh.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private protected Task<HealerHost> StartAsync(params (string, string)[] settings) => StartInAsync(Folder, settings);

    /// <summary>With a folder of its own: another replica, or one that has lost its journal.</summary>
    private protected Task<HealerHost> StartInAsync(string folder, params (string, string)[] settings) =>
        HealerHost.StartAsync(Mesh, Database.ConnectionString, folder, [.. Settings, .. settings]);

    /// <summary>What Postgres has of the heals.</summary>
    private protected async Task<long> StoredAsync(string where = "finished_at is not null")
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand($"select count(*) from auto_heal.heals where {where}", connection);
        try
        {
            return (long)(await count.ExecuteScalarAsync())!;
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // No healer has come so far yet.
            return 0;
        }
    }
}
