using System.Collections.Concurrent;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Streaming;

/// <summary>
/// Whose deliveries have moved on without an event: one for each attempt would be as many again as there are. It is told on the
/// stream as a comment, which every client of the standard passes over. Nothing is kept of it; whoever is away asks when back.
/// </summary>
internal sealed class Moved
{
    /// <summary>The channel that tells all replicas, this one among them.</summary>
    public const string Channel = "command_center_moved";

    /// <summary>Of more than these nobody is named, and all are meant.</summary>
    internal const int MostNamed = 20;

    /// <summary>Characters, all of them ASCII: a notification holds 8,000 bytes.</summary>
    private const int LongestPayload = 7_500;

    private readonly ConcurrentDictionary<string, bool> _tenants = new(StringComparer.Ordinal);

    public void Note(string tenant) => _tenants.TryAdd(tenant, true);

    /// <summary>Those that were noted since, as a notification carries them; null when there are none.</summary>
    public string? Take()
    {
        var taken = _tenants.Keys.Where(tenant => _tenants.TryRemove(tenant, out _)).ToList();
        var payload = taken.Count > MostNamed ? "" : string.Join(',', taken.Select(Uri.EscapeDataString));
        return taken.Count == 0 ? null : payload.Length > LongestPayload ? "" : payload;
    }

    /// <summary>What a notification tells each reader of the stream; null for all tenants.</summary>
    public static string?[] Read(string payload) =>
        payload.Length == 0 ? [null] : Array.ConvertAll<string, string?>(payload.Split(','), Uri.UnescapeDataString);
}

/// <summary>Tells what has moved, at most once a second.</summary>
internal sealed class MovedLoop(Moved moved, NpgsqlDataSource source, DatabaseReady database, TimeProvider clock, ILogger<MovedLoop> logger)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            if (moved.Take() is { } payload)
            {
                await TellAsync(payload, stopping);
            }
        }
    }

    private async Task TellAsync(string payload, CancellationToken stopping)
    {
        await using var tell = source.CreateCommand($"select pg_notify('{Moved.Channel}', $1)");
        tell.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payload });
        try
        {
            await tell.ExecuteNonQueryAsync(stopping);
        }
        catch (NpgsqlException)
        {
            // Who looks sees that the storage is away, and asks again when it is back.
        }
    }
}
