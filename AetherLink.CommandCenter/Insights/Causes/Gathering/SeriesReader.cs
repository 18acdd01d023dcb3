using System.Buffers.Binary;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>Reads the points of a window: a row a bucket, by its key.</summary>
internal sealed class SeriesReader(NpgsqlDataSource source, MeshModel mesh)
{
    private const int PointSize = sizeof(int) + sizeof(double);

    public async Task<SeriesOfWindow> ReadAsync(Window window, string? tenant, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var (values, bySeries) = (new SortedDictionary<(string Node, MeasureKind Kind), (Measure Measure, Values Values)>(), new Dictionary<int, Values>());
        foreach (var (id, measure) in await MeasuresAsync(tenant, connection, cancellationToken))
        {
            var key = (measure.Node, measure.Kind);
            if (!values.TryGetValue(key, out var known))
                values[key] = known = (measure, new(window.Buckets));
            bySeries[id] = known.Values;
        }
        var counted = await PointsAsync(window, bySeries, connection, cancellationToken);
        await using var progress = new NpgsqlCommand("select closed_to from command_center.series_progress", connection);
        var closed = await progress.ExecuteScalarAsync(cancellationToken);
        // What is not closed yet is no bucket of nothing.
        var length = Math.Max(0, Array.LastIndexOf(counted, true) + 1);
        return new(
            [.. values.Values.Select(one => (one.Measure, one.Values.Of(one.Measure.Kind, counted)[..length]))],
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

    /// <returns>The buckets that somebody has counted.</returns>
    private static async Task<bool[]> PointsAsync(
        Window window, Dictionary<int, Values> series, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select at, points from command_center.series_points where at >= $1 and at <= $2", connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.At(0).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.At(window.Buckets - 1).UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var counted = new bool[window.Buckets];
        while (await row.ReadAsync(cancellationToken))
        {
            var bucket = (int)(Bucket.Of(row.GetDateTime(0)) - window.FirstBucket);
            counted[bucket] = true;
            for (var bytes = (ReadOnlyMemory<byte>)row.GetFieldValue<byte[]>(1); bytes.Length >= PointSize; bytes = bytes[PointSize..])
            {
                if (series.TryGetValue(BinaryPrimitives.ReadInt32LittleEndian(bytes.Span), out var values))
                    values.Add(bucket, BinaryPrimitives.ReadDoubleLittleEndian(bytes.Span[sizeof(int)..]));
            }
        }
        return counted;
    }
}
