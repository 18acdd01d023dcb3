using System.Diagnostics;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.CommandCenter.Following;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>
/// A class fixture: the tables of a Command Center that has stopped, whose events come, and whose buckets end, when a test says so.
/// </summary>
public sealed class SteppedFeed : IAsyncLifetime
{
    /// <summary>How the log names that series are watched from now on.</summary>
    private const int LeadsWithSeries = 2450;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly PostgresDatabase _database = new();
    private readonly SetClock _clock = new();

    private RunningCommandCenter _service = null!;
    private SeriesFollower? _follower;

    internal NpgsqlDataSource Source => _service.Services.GetRequiredService<NpgsqlDataSource>();

    internal IServiceProvider Services => _service.Services;

    /// <summary>The bucket that fills now.</summary>
    internal long Now => Bucket.Of(_clock.GetUtcNow());

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _service = await RunningCommandCenter.StartAsync(_database.ConnectionString);
        await _service.StopAsync();
        // Into the next days there are partitions already.
        _clock.Advance(Bucket.Start(Bucket.Of(DateTimeOffset.UtcNow) + 60) - _clock.GetUtcNow());
        await ExecuteAsync("delete from command_center.series_points; delete from command_center.series; update command_center.series_progress set closed_to = null");
    }

    public async Task DisposeAsync()
    {
        await KillAsync();
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Returns once it leads: what ended before it did would be nobody's time.</summary>
    internal async Task LeadAsync()
    {
        int Led() => _service.Logs.Lines.Count(line => line.Id.Id == LeadsWithSeries);
        var before = Led();
        _follower = ActivatorUtilities.CreateInstance<SeriesFollower>(
            Services, Services.GetRequiredService<FollowerServices>() with { Clock = _clock });
        await _follower.StartAsync(CancellationToken.None);
        await Eventually.True(() => Led() > before, Soon, "it leads");
    }

    /// <summary>Cuts the leader's connection, as the end of its process would; it does not come back.</summary>
    internal async Task KillAsync()
    {
        if (_follower is { } follower)
        {
            await ExecuteAsync(
                $"""
                select pg_terminate_backend(pid) from pg_locks
                where locktype = 'advisory' and classid = {0x666f6c6c}::bigint::oid
                    and objid = (hashtext('{SeriesFollower.FollowerName}')::bigint & 4294967295)::oid
                    and database = (select oid from pg_database where datname = current_database())
                """);
            await follower.StopAsync(CancellationToken.None);
            follower.Dispose();
            _follower = null;
        }
    }

    /// <summary>So many buckets with so many events each, as they would have been received; and they end.</summary>
    internal async Task FeedAsync(string tenant, int buckets, Func<int, int> events, string type = "lead.created", string severity = "info")
    {
        await PutAsync(tenant, buckets, events, type, severity);
        await EndAsync(buckets);
    }

    internal async Task PutAsync(string tenant, int buckets, Func<int, int> events, string type = "lead.created", string severity = "info")
    {
        await using var put = Source.CreateCommand(
            """
            with rows as (
                select $3 + (b - 1) * interval '10 s' + interval '1 ms' * n as at, row_number() over (order by b, n) as number
                from unnest($2) with ordinality as t (events, b), generate_series(1, events) n
            ), stored as (
                insert into command_center.events (seq, event_id, tenant_id, event_type, source, severity, occurred_at, received_at, origin, payload)
                select h.last_seq + number, 'e' || h.last_seq + number, $1, $4, 'tests', case $5 when 'error' then 2 else 0 end, at, at, 0, '{"lead_id": "1"}'
                from rows, command_center.feed_head h
            )
            update command_center.feed_head set last_seq = last_seq + (select count(*) from rows)
            """);
        put.Parameters.Add(new() { Value = tenant });
        put.Parameters.Add(new() { Value = Enumerable.Range(0, buckets).Select(events).ToArray() });
        put.Parameters.Add(new() { Value = Bucket.Start(Now).UtcDateTime });
        put.Parameters.Add(new() { Value = type });
        put.Parameters.Add(new() { Value = severity });
        await put.ExecuteNonQueryAsync();
    }

    /// <returns>How long after the end of the last one it was closed.</returns>
    internal async Task<TimeSpan> EndAsync(int buckets)
    {
        var end = Now + buckets;
        // With the grace of the last one.
        var grace = TimeSpan.FromSeconds(2);
        _clock.Advance((buckets * Bucket.Width) + grace);
        var watch = Stopwatch.StartNew();
        await Eventually.True(
            async () =>
            {
                Services.GetRequiredService<CommitSignal>().Pulse();
                return await ClosedToAsync() >= Bucket.Start(end);
            }, Soon, "the buckets are closed");
        _clock.Advance(-grace);
        return grace + watch.Elapsed;
    }

    internal async Task<DateTimeOffset> ClosedToAsync() =>
        await ScalarAsync<DateTime?>("select closed_to from command_center.series_progress") ?? DateTimeOffset.MinValue;

    internal async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default!;
    }

    internal async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>All points of a series, added up.</summary>
    internal async Task<double> TotalAsync(string tenant, string series)
    {
        var id = await ScalarAsync<int>($"select id from command_center.series where tenant_id = '{tenant}' and name = '{series}'");
        await using var command = Source.CreateCommand("select points from command_center.series_points");
        await using var row = await command.ExecuteReaderAsync();
        var total = 0.0;
        while (await row.ReadAsync())
        {
            total += PointsFormat.Read(row.GetFieldValue<byte[]>(0)).GetValueOrDefault(id);
        }
        return total;
    }
}
