using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>Where in the feed a question has to look at all.</summary>
internal sealed class Stretches(NpgsqlDataSource source)
{
    /// <summary>Hours of a source in one question: more than it has time to walk through.</summary>
    private const int MostHours = 200;

    private const string OfAll =
        """
        select greatest((select min(seq) from command_center.events),
                   (select first_seq from command_center.feed_minutes where minute <= $2 order by minute desc limit 1)),
               least($1, (select last_seq + 1 from command_center.feed_head),
                   (select first_seq from command_center.feed_minutes where minute > $3 order by minute limit 1))
        """;

    // A minute's first number, or an earlier one: a stretch that is too long costs time, and one too short would lose events.
    private const string OfASource =
        """
        select coalesce((select first_seq from command_center.feed_minutes where minute <= hour order by minute desc limit 1), 0),
               coalesce((select first_seq from command_center.feed_minutes where minute >= hour + interval '1 hour' order by minute limit 1),
                   9223372036854775807)
        from command_center.event_sources
        where source = $1 and ($2 is null or tenant_id = $2)
            and hour >= date_trunc('hour', $3, 'UTC')
            and hour <= coalesce((select minute from command_center.feed_minutes where first_seq <= $4 order by first_seq desc limit 1), 'infinity')
        group by hour order by hour desc limit $5
        """;

    /// <summary>The newest first; empty when there is nothing.</summary>
    public async Task<IReadOnlyList<Stretch>> OfAsync(EventFilter filter, long before, CancellationToken cancellationToken)
    {
        if (await AllAsync(filter, before, cancellationToken) is not { } all)
        {
            return [];
        }
        return filter.Source is null ? [all] : await OfSourceAsync(filter, all, cancellationToken);
    }

    private async Task<Stretch?> AllAsync(EventFilter filter, long before, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(OfAll);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        command.Parameters.Add(Time(filter.Since));
        command.Parameters.Add(Time(filter.Until));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) && !await row.IsDBNullAsync(0, cancellationToken)
            ? new Stretch(row.GetInt64(0), row.GetInt64(1))
            : null;
    }

    private async Task<IReadOnlyList<Stretch>> OfSourceAsync(EventFilter filter, Stretch all, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(OfASource);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = filter.Source! });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)filter.TenantId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (filter.Since ?? DateTimeOffset.UnixEpoch).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = all.To });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostHours });
        var (stretches, hours) = (new List<Stretch>(), 0);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            hours++;
            var hour = new Stretch(Math.Max(all.From, row.GetInt64(0)), Math.Min(all.To, row.GetInt64(1)));
            if (stretches.Count > 0 && stretches[^1].From <= hour.To)
            {
                stretches[^1] = stretches[^1] with { From = Math.Min(hour.From, stretches[^1].From) };
            }
            else if (hour.From < hour.To)
            {
                stretches.Add(hour);
            }
        }
        if (hours == MostHours)
        {
            // Those before are not known yet; where the question's time ends, the next one begins with theirs.
            stretches.Add(all with { To = stretches.Count > 0 ? stretches[^1].From : all.To });
        }
        return stretches;
    }

    private static NpgsqlParameter Time(DateTimeOffset? time) =>
        new() { Value = (object?)time?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
