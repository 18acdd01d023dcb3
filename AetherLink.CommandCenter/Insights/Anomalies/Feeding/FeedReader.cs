using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>Events that are alike and were received in one bucket, counted by Postgres; of heals, what was healed too.</summary>
internal readonly record struct EventCount(
    long Bucket, string TenantId, string EventType, Severity Severity, string? About, int Events, long LastSequence, DateTime LastAt)
{
    /// <summary>
    /// What the Command Center tells of itself: an anomaly that is told, the alert that it raises and the delivery of that would
    /// otherwise be series again.
    /// </summary>
    private const string OwnSpace = "ops.";

    public void AddTo(Sums sums)
    {
        sums.LastSequence = Math.Max(sums.LastSequence, LastSequence);
        if (EventType.StartsWith(OwnSpace, StringComparison.Ordinal))
        {
            return;
        }
        sums.Count(SeriesKey.Events(TenantId, EventType, Severity.Name()), Events);
        if (About is not null)
        {
            sums.Count(SeriesKey.Heals(About), Events);
        }
    }
}

/// <summary>What deliveries and AI calls came to, as the storage has put it aside.</summary>
internal readonly record struct Observation(long Id, long Bucket, string TenantId, string Subject, long Failed, long Answered, double LatencyMs)
{
    public void AddTo(Sums sums)
    {
        sums.Count(SeriesKey.Failures(TenantId, Subject), Failed);
        sums.Measure(SeriesKey.Latency(TenantId, Subject), LatencyMs, Answered);
    }
}

/// <summary>Reads what series are made of.</summary>
internal static class FeedReader
{
    /// <summary>Postgres counts from 1970.</summary>
    private static readonly long FirstBucket = Bucket.Of(DateTimeOffset.UnixEpoch);

    // A heal is the mesh's: what others call by its name is a series of their events only.
    private static string Counts(string self) =>
        $"""
        select floor(extract(epoch from received_at) / 10)::bigint, tenant_id, event_type, severity,
            case when event_type = '{EventTypes.AutohealAttempted}' and tenant_id = '{SeriesKey.MeshTenant}' and {Believed.Sql(self)} then payload ->> 'service' end,
            count(*)::int, max(seq), max(received_at)
        from (select * from command_center.events where seq > $1 and seq <= $1 + $2 and received_at >= $3 order by seq offset 0) e
        group by 1, 2, 3, 4, 5
        """;

    private const string Observations =
        """
        select id, at, tenant_id, subject, failed, answered, latency_ms from command_center.observations
        where at < $1 order by id limit 20000
        """;

    /// <summary>The head of the feed, and at most so many numbers behind a number, counted; in one round trip.</summary>
    public static async Task<(long Head, List<EventCount> Counts)> EventsAsync(
        NpgsqlConnection connection, long after, long numbers, DateTime since, string self, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new($"select last_seq, {KeptPlan.Sql} from command_center.feed_head"),
                new(Counts(self))
                {
                    Parameters =
                    {
                        new NpgsqlParameter<long> { TypedValue = after },
                        new NpgsqlParameter<long> { TypedValue = numbers },
                        new NpgsqlParameter<DateTime> { TypedValue = since },
                    },
                },
            },
        };
        await batch.PrepareAsync(cancellationToken);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var head = row.GetInt64(0);
        await row.NextResultAsync(cancellationToken);
        var counts = new List<EventCount>();
        while (await row.ReadAsync(cancellationToken))
        {
            counts.Add(new(
                row.GetInt64(0) + FirstBucket, row.GetString(1), row.GetString(2), (Severity)row.GetInt16(3),
                row.IsDBNull(4) ? null : row.GetString(4), row.GetInt32(5), row.GetInt64(6), row.GetDateTime(7)));
        }
        return (head, counts);
    }

    public static async Task<List<Observation>> ObservationsAsync(
        NpgsqlConnection connection, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Observations, connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var observations = new List<Observation>();
        while (await row.ReadAsync(cancellationToken))
        {
            observations.Add(new(
                row.GetInt64(0), Bucket.Of(row.GetFieldValue<DateTimeOffset>(1)), row.GetString(2), row.GetString(3),
                row.GetInt64(4), row.GetInt64(5), row.GetDouble(6)));
        }
        return observations;
    }

}
