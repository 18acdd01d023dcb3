using System.Diagnostics;
using AetherLink.Tests.Postgres;
using Npgsql;

namespace AetherLink.Tests.Chaos;

/// <summary>
/// A Postgres with its data, its log too, on a small disk that can be filled up. It ends by itself when it cannot write its log, and
/// is started again as the healer of a mesh does: once a second, for as long as it takes.
/// </summary>
internal sealed class SmallPostgres : IDisposable
{
    /// <summary>A new cluster has 40, and the log 16 at most.</summary>
    private const int Megabytes = 160;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("aether-small-pg-").FullName;
    private readonly string _binaries = PostgresBinaries.Folder();
    private readonly SmallDisk _disk;
    private readonly Stopwatch _started = new();
    private Process _process;

    private SmallPostgres()
    {
        _disk = SmallDisk.Mount(_folder, Megabytes);
        PostgresBinaries.GiveTo(_folder);
        PostgresServer.Run(PostgresBinaries.Command(Path.Combine(_binaries, "initdb"),
            "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "--wal-segsize=1"));
        _process = Started();
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder { Host = _folder, Database = "postgres", Username = "postgres", MaxPoolSize = 20 }.ConnectionString;

    /// <summary>How often it had to be started again.</summary>
    public int Restarts { get; private set; }

    private string Data => Path.Combine(_folder, "data");

    public static async Task<SmallPostgres> StartAsync()
    {
        var postgres = await Task.Run(() => new SmallPostgres());
        await Eventually.True(postgres.AnswersAsync, Soon, "Postgres answers");
        return postgres;
    }

    public void Fill() => _disk.Fill();

    public void Empty() => _disk.Empty();

    /// <summary>Starts it again when it has ended.</summary>
    public void Attend()
    {
        if (_process.HasExited && _started.Elapsed > TimeSpan.FromSeconds(1))
        {
            _process.Dispose();
            _process = Started();
            Restarts++;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        _disk.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private Process Started()
    {
        _started.Restart();
        return PostgresServer.StartOnItsOwnThread(PostgresBinaries.Command(Path.Combine(_binaries, "postgres"),
            "-D", Data, "-k", _folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "min_wal_size=2MB", "-c", "max_wal_size=16MB",
            "-c", "logging_collector=off", "-c", "log_min_messages=fatal"));
    }
}
