using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>Reads the points of a window, a row a bucket, by its key, and what they say.</summary>
internal sealed class SeriesReader(NpgsqlDataSource source, MeshModel mesh) : IDisposable
{
    /// <summary>Windows at a time: each holds up to 50 MB, and what waits holds nothing.</summary>
    private const int AtOnce = 2;

    private readonly SemaphoreSlim _turns = new(AtOnce);

    public void Dispose() => _turns.Dispose();

    /// <returns>The evidence, and the end of the last bucket that was closed; null when none ever was.</returns>
    public async Task<(IReadOnlyList<Evidence> Evidence, DateTimeOffset? UpTo)> ReadAsync(
        Window window, string? tenant, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var (measures, series) = InOrder(await MeasuresAsync(tenant, connection, cancellationToken));
            using var grid = new Grid(measures, series, window.Buckets);
            await PointsAsync(window, grid, connection, cancellationToken);
            await using var progress = new NpgsqlCommand("select closed_to from command_center.series_progress", connection);
            var closed = await progress.ExecuteScalarAsync(cancellationToken);
            return (SeriesEvidence.Of(grid.Measures(), window, mesh.Self), closed is DateTime upTo ? new DateTimeOffset(upTo, TimeSpan.Zero) : null);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>By name, so that the same is always told in the same order; a measure's name is that of its first series.</summary>
    private static (List<Measure> Measures, List<(int Id, int Place)> Series) InOrder(List<(int Id, Measure Measure)> found)
    {
        var measures = found.Select(one => one.Measure).DistinctBy(one => (one.Node, one.Kind)).OrderBy(one => one.Node, StringComparer.Ordinal).ThenBy(one => one.Kind).ToList();
        var places = measures.Select((one, place) => (Key: (one.Node, one.Kind), place)).ToDictionary(one => one.Key, one => one.place);
        return (measures, [.. found.Select(one => (one.Id, places[(one.Measure.Node, one.Measure.Kind)]))]);
    }

    private async Task<List<(int Id, Measure Measure)>> MeasuresAsync(string? tenant, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select id, tenant_id, name from command_center.series where $1 is null or tenant_id = $1 order by id", connection);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var measures = new List<(int, Measure)>();
        while (await row.ReadAsync(cancellationToken))
        {
            if (Measure.Of(row.GetString(1), row.GetString(2), mesh.Self) is { } measure)
                measures.Add((row.GetInt32(0), measure));
        }
        return measures;
    }

    private static async Task PointsAsync(Window window, Grid grid, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select at, points from command_center.series_points where at >= $1 and at <= $2", connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.At(0).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.At(window.Buckets - 1).UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var points = new PointsBuffer();
        while (await row.ReadAsync(cancellationToken))
        {
            grid.Add((int)(Bucket.Of(row.GetDateTime(0)) - window.FirstBucket), points.Read(row, 1));
        }
    }
}
