using System.Runtime.CompilerServices;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Storage;
using Npgsql;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>Where the feed is, what the time of the storage is, and whether rules have changed.</summary>
internal readonly record struct FeedState(long Revision, long Head, DateTime Now);

/// <summary>Reads events as narrow rows, with statements of its own.</summary>
internal static class OccurrenceReader
{
    private const string State =
        $"""
        select r.revision, h.last_seq, greatest(clock_timestamp(), h.last_at), {KeptPlan.Sql}
        from command_center.alert_revision r, command_center.feed_head h
        """;

    /// <summary>Reads what is behind a number, at most so many numbers of it, and the state from just before.</summary>
    public static async Task<(FeedState State, List<Occurrence> Events)> PageAsync(
        NpgsqlConnection connection, ReadPlan? plan, long after, int numbers, DateTime since, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(State) } };
        if (plan is not null)
        {
            // The fence keeps the scan on the numbers: it is a short range, whatever the filter seems to promise.
            var page = new NpgsqlBatchCommand(
                $"""
                select {plan.Columns}
                from (select * from command_center.events where seq > $1 and seq <= $2 and received_at >= $3 order by seq offset 0) e
                where {ReadPlan.Filter} order by seq
                """);
            AddParameters(page.Parameters, plan, after, after + numbers, since);
            batch.BatchCommands.Add(page);
        }
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var state = new FeedState(reader.GetInt64(0), reader.GetInt64(1), reader.GetDateTime(2));
        var events = new List<Occurrence>();
        while (await reader.NextResultAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                events.Add(Row(reader, plan!));
            }
        }
        return (state, events);
    }

    /// <summary>All of a span of time up to a number, in the order of commits.</summary>
    public static async IAsyncEnumerable<Occurrence> SpanAsync(
        NpgsqlConnection connection, ReadPlan plan, long upTo, DateTime since, int timeoutSeconds,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {plan.Columns} from command_center.events
            where seq >= coalesce((
                    select first_seq from command_center.feed_minutes where minute <= $3 order by minute desc limit 1), $1)
                and seq <= $2 and received_at >= $3 and {ReadPlan.Filter}
            order by seq
            """, connection)
        { CommandTimeout = timeoutSeconds };
        AddParameters(command.Parameters, plan, 0, upTo, since);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return Row(reader, plan);
        }
    }

    /// <summary>The ids of events by their numbers; the time spares the older partitions.</summary>
    public static async Task<Dictionary<long, string>> IdsAsync(
        NpgsqlConnection connection, long[] sequences, DateTime since, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select seq, event_id from command_center.events where seq = any ($1) and received_at >= $2", connection)
        {
            Parameters = { new NpgsqlParameter<long[]> { TypedValue = sequences }, new NpgsqlParameter<DateTime> { TypedValue = since } },
        };
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new Dictionary<long, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids[reader.GetInt64(0)] = reader.GetString(1);
        }
        return ids;
    }

    private static void AddParameters(NpgsqlParameterCollection parameters, ReadPlan plan, long from, long upTo, DateTime since)
    {
        parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = upTo });
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since });
        parameters.Add(new NpgsqlParameter<string[]> { TypedValue = plan.Types });
        parameters.Add(new NpgsqlParameter<short[]> { TypedValue = plan.Severities });
        foreach (var path in plan.Paths)
        {
            parameters.Add(new NpgsqlParameter<string[]> { TypedValue = path.Split('.') });
        }
    }

    private static Occurrence Row(NpgsqlDataReader row, ReadPlan plan)
    {
        string?[]? values = plan.Paths.Count == 0 ? null : new string?[plan.Paths.Count];
        for (var place = 0; place < plan.Paths.Count; place++)
        {
            values![place] = row.IsDBNull(9 + place) ? null : row.GetString(9 + place);
        }
        return new(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), (Severity)row.GetInt16(4),
            row.GetDateTime(5).Ticks, row.GetDateTime(6).Ticks)
        {
            EventId = row.GetString(7),
            AboutRule = !row.IsDBNull(8) && Guid.TryParse(row.GetString(8), out var rule) ? rule : null,
            Values = values,
        };
    }
}
