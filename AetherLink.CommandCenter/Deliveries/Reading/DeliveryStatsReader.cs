using AetherLink.CommandCenter.Deliveries.Scheduling;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Reading;

/// <summary>The queue and the last day in figures.</summary>
internal sealed class DeliveryStatsReader(NpgsqlDataSource source)
{
    /// <summary>At most so many attempts are left.</summary>
    private const int Near = 2;

    private static readonly string Queue =
        $"""
        with waiting as (
            select due_at, lease_until, failed from command_center.delivery_queue
            where $1 is null or tenant_id = $1 limit {DeliveryReader.MostCounted + 1:D}
        )
        select count(*)::int, (count(*) filter (where (lease_until is null or lease_until <= now()) and due_at <= now()))::int,
               (count(*) filter (where lease_until > now()))::int,
               (count(*) filter (where failed >= {RetrySchedule.MostAttempts - Near:D}))::int,
               extract(epoch from now() - min(due_at) filter (where (lease_until is null or lease_until <= now()) and due_at <= now()))::double precision
        from waiting
        """;

    private const string Day =
        """
        select outcome, triage, sum(attempts)::bigint from command_center.delivery_counts
        where hour > now() - interval '24 hours' and ($1 is null or tenant_id = $1) group by 1, 2
        """;

    public async Task<DeliveryStats> ReadAsync(string? tenant, CancellationToken cancellationToken)
    {
        var (queued, due, inFlight, near, age) = await QueueAsync(tenant, cancellationToken);
        var (delivered, givenUp, failed) = (0L, 0L, 0L);
        var byTriage = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await using var day = Command(Day, tenant);
        await using var counts = await day.ExecuteReaderAsync(cancellationToken);
        while (await counts.ReadAsync(cancellationToken))
        {
            var (outcome, triage, attempts) = (counts.GetInt16(0), counts.GetInt16(1), counts.GetInt64(2));
            delivered += outcome == 0 ? attempts : 0;
            givenUp += outcome == 2 ? attempts : 0;
            if (outcome != 0)
            {
                failed += attempts;
                var name = ((TriageLabel)triage).Name();
                byTriage[name] = byTriage.GetValueOrDefault(name) + attempts;
            }
        }
        return new(
            "ok", Math.Min(queued, DeliveryReader.MostCounted), due, inFlight, near, queued > DeliveryReader.MostCounted, delivered, givenUp, failed,
            delivered + givenUp == 0 ? null : Math.Round(100.0 * delivered / (delivered + givenUp), 2), age, byTriage);
    }

    // A method of its own: Npgsql gives a reader to the connection's next user when it is disposed, who would lose it by a second time.
    private async Task<(int Queued, int Due, int InFlight, int Near, double? Age)> QueueAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var command = Command(Queue, tenant);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3),
            reader.IsDBNull(4) ? null : Math.Round(reader.GetDouble(4), 1));
    }

    private NpgsqlCommand Command(string sql, string? tenant)
    {
        var command = source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        return command;
    }
}
