using System.Buffers.Binary;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>Reads the points of a window: a row a bucket, by its key.</summary>
internal sealed class SeriesReader(NpgsqlDataSource source, MeshModel mesh)
{
    private const int PointSize = sizeof(int) + sizeof(double);

    private const int NoMeasure = -1;

    public async Task<SeriesOfWindow> ReadAsync(Window window, string? tenant, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var found = await MeasuresAsync(tenant, connection, cancellationToken);
        // By name, so that the same is always told in the same order; a measure's name is that of its first series.
        var measures = found.Select(one => one.Measure).DistinctBy(one => (one.Node, one.Kind)).OrderBy(one => one.Node, StringComparer.Ordinal).ThenBy(one => one.Kind).ToList();
        var places = measures.Select((one, place) => (Key: (one.Node, one.Kind), place)).ToDictionary(one => one.Key, one => one.place);
        var grid = new Grid(measures.Count, window.Buckets);
        var counted = await PointsAsync(
            window, PlacesOf([.. found.Select(one => (one.Id, places[(one.Measure.Node, one.Measure.Kind)]))]), grid, connection, cancellationToken);
        await using var progress = new NpgsqlCommand("select closed_to from command_center.series_progress", connection);
        var closed = await progress.ExecuteScalarAsync(cancellationToken);
        // What is not closed yet is no bucket of nothing.
        var length = Array.LastIndexOf(counted, true) + 1;
        return new(
            [.. measures.Select((one, place) => (one, grid.Of(place, one.Kind, counted.AsSpan(0, length))))],
            closed is DateTime upTo ? new DateTimeOffset(upTo, TimeSpan.Zero) : null);
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

    /// <summary>The measure of each series, by its id less the first: it is looked up some million times.</summary>
    private static (int First, int[] Places) PlacesOf(IReadOnlyList<(int Id, int Place)> series)
    {
        if (series.Count == 0)
            return (0, []);
        var first = series.Min(one => one.Id);
        var places = new int[series.Max(one => one.Id) - first + 1];
        Array.Fill(places, NoMeasure);
        foreach (var (id, place) in series)
            places[id - first] = place;
        return (first, places);
    }

    /// <returns>The buckets that somebody has counted.</returns>
    private static async Task<bool[]> PointsAsync(
        Window window, (int First, int[] Places) series, Grid grid, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select at, points from command_center.series_points where at >= $1 and at <= $2", connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.At(0).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.At(window.Buckets - 1).UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var counted = new bool[window.Buckets];
        byte[] buffer = [];
        while (await row.ReadAsync(cancellationToken))
        {
            var bucket = (int)(Bucket.Of(row.GetDateTime(0)) - window.FirstBucket);
            counted[bucket] = true;
            var length = (int)row.GetBytes(1, 0, null, 0, 0);
            if (length > buffer.Length)
                buffer = new byte[length];
            Add(buffer.AsSpan(0, (int)row.GetBytes(1, 0, buffer, 0, length)), bucket, series.First, series.Places, grid);
        }
        return counted;
    }

    private static void Add(ReadOnlySpan<byte> points, int bucket, int first, int[] places, Grid grid)
    {
        for (; points.Length >= PointSize; points = points[PointSize..])
        {
            // Of a series that says nothing of a cause, or that was forgotten since.
            var place = BinaryPrimitives.ReadInt32LittleEndian(points) - first;
            if ((uint)place < (uint)places.Length && places[place] is not NoMeasure and var measure)
                grid.Add(bucket, measure, BinaryPrimitives.ReadDoubleLittleEndian(points[sizeof(int)..]));
        }
    }
}
