using AetherLink.CommandCenter.Insights.Anomalies.Detecting;
using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>Keeps the series: their detectors, saved now and then, and the points since.</summary>
internal static class SeriesStore
{
    /// <summary>Far longer than between two savings; and what one wants to look at beside an anomaly.</summary>
    private static readonly TimeSpan PointsKept = TimeSpan.FromHours(6);

    /// <summary>The book as it was when the last bucket was closed, and the first bucket that is not; null when none ever was.</summary>
    public static async Task<(SeriesBook Book, long? Next)> LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var book = new SeriesBook();
        var next = await NextAsync(connection, cancellationToken);
        var first = await SeriesAsync(book, connection, cancellationToken);
        if (first is { } from)
        {
            await ReplayAsync(book, from, connection, cancellationToken);
        }
        return (book, next);
    }

    public static void Write(BookChanges changes, long next, IReadOnlyCollection<long> observations, NpgsqlBatch batch)
    {
        Add(batch, changes.Fresh, "insert into command_center.series (id, tenant_id, name, kind, as_of, last_seen) select * from unnest($1, $2, $3, $4, $5, $6)",
            command =>
            {
                command.Parameters.AddColumn(NpgsqlDbType.Integer, changes.Fresh, series => series.Id);
                command.Parameters.AddColumn(NpgsqlDbType.Text, changes.Fresh, series => series.Key.TenantId);
                command.Parameters.AddColumn(NpgsqlDbType.Text, changes.Fresh, series => series.Key.Name);
                command.Parameters.AddColumn(NpgsqlDbType.Smallint, changes.Fresh, series => (short)series.Kind);
                command.Parameters.AddColumn(NpgsqlDbType.TimestampTz, changes.Fresh, series => Time(series.AsOf));
                command.Parameters.AddColumn(NpgsqlDbType.TimestampTz, changes.Fresh, series => Time(series.LastSeen));
            });
        Add(batch, changes.ToSave,
            """
            update command_center.series s set state = t.state, as_of = $4, last_seen = t.last_seen
            from unnest($1, $2, $3) as t (id, state, last_seen) where s.id = t.id
            """,
            command =>
            {
                command.Parameters.AddColumn(NpgsqlDbType.Integer, changes.ToSave, series => series.Id);
                command.Parameters.AddColumn(NpgsqlDbType.Bytea, changes.ToSave, series => series.Detector.Save());
                command.Parameters.AddColumn(NpgsqlDbType.TimestampTz, changes.ToSave, series => Time(series.LastSeen));
                command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = Time(next) });
            });
        Add(batch, changes.Forgotten, "delete from command_center.series where id = any ($1)",
            command => command.Parameters.AddColumn(NpgsqlDbType.Integer, changes.Forgotten, id => id));
        // A bucket that is closed twice fails here.
        Add(batch, changes.Closed, "insert into command_center.series_points (at, points) select * from unnest($1, $2)", command =>
        {
            command.Parameters.AddColumn(NpgsqlDbType.TimestampTz, changes.Closed, closed => Time(closed.Bucket));
            command.Parameters.AddColumn(NpgsqlDbType.Bytea, changes.Closed, closed => PointsFormat.Write(closed.Points));
        });
        Add(batch, observations, "delete from command_center.observations where id = any ($1)",
            command => command.Parameters.AddColumn(NpgsqlDbType.Bigint, observations, id => id));
        batch.BatchCommands.Add(new("delete from command_center.series_points where at < $1")
        {
            Parameters = { new NpgsqlParameter<DateTime> { TypedValue = Time(next) - PointsKept } },
        });
        batch.BatchCommands.Add(new("update command_center.series_progress set closed_to = $1")
        {
            Parameters = { new NpgsqlParameter<DateTime> { TypedValue = Time(next) } },
        });
    }

    private static async Task<long?> NextAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select closed_to from command_center.series_progress", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime closed ? Bucket.Of(closed) : null;
    }

    /// <summary>The first bucket that one of them has not seen.</summary>
    private static async Task<long?> SeriesAsync(SeriesBook book, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select id, tenant_id, name, kind, state, as_of, last_seen from command_center.series", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        long? first = null;
        while (await row.ReadAsync(cancellationToken))
        {
            var detector = row.IsDBNull(4) ? null : SeriesDetector.Load(row.GetFieldValue<byte[]>(4));
            var asOf = Bucket.Of(row.GetDateTime(5));
            book.Restore(new WatchedSeries(
                row.GetInt32(0), new(row.GetString(1), row.GetString(2)), (SeriesKind)row.GetInt16(3), detector ?? new(), asOf)
            { LastSeen = Bucket.Of(row.GetDateTime(6)) });
            first = Math.Min(first ?? asOf, asOf);
        }
        return first;
    }

    private static async Task ReplayAsync(SeriesBook book, long from, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select at, points from command_center.series_points where at >= $1 order by at", connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = Time(from) });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var points = new PointsBuffer();
        while (await row.ReadAsync(cancellationToken))
        {
            book.Replay(Bucket.Of(row.GetDateTime(0)), PointsFormat.Read(points.Read(row, 1)));
        }
    }

    private static DateTime Time(long bucket) => Bucket.Start(bucket).UtcDateTime;

    private static void Add<T>(NpgsqlBatch batch, IReadOnlyCollection<T> rows, string sql, Action<NpgsqlBatchCommand> fill)
    {
        if (rows.Count > 0)
        {
            var command = new NpgsqlBatchCommand(sql);
            fill(command);
            batch.BatchCommands.Add(command);
        }
    }
}
