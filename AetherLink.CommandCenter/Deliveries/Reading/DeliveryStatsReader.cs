using AetherLink.CommandCenter.Deliveries.Scheduling;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Reading;

/// <summary>The queue and the last day in figures.</summary>
internal sealed class DeliveryStatsReader(NpgsqlDataSource source)
{
    /// <summary>At most so many attempts are left.</summary>
    private const int Near = 2;

    private static readonly string Most = $"limit {DeliveryReader.MostCounted + 1:D}";

    // Each figure is counted by itself, so that where there is more than is counted it is still of all, and none of a chance part.
    // What is under way is due when its lease ends. An endpoint that cools down or is switched off is not sent to now.
    private static readonly string Queue =
        $"""
        with {Ready}
        select (select count(*) from (select from command_center.delivery_queue where $1 is null or tenant_id = $1 {Most}) q)::int,
               (select count(*) from (select from ready e cross join lateral (
                   select from command_center.delivery_queue q where q.endpoint_id = e.id and due_at <= now() and ($1 is null or q.tenant_id = $1) {Most}) q
                   {Most}) q)::int,
               (select count(*) from (select from command_center.webhook_endpoints e cross join lateral (
                   select from command_center.delivery_queue q where q.endpoint_id = e.id and due_at > now() and due_at <= now() + interval '2 min'
                       and lease_until > now() and ($1 is null or q.tenant_id = $1) {Most}) q {Most}) q)::int,
               (select count(*) from (select from command_center.delivery_queue
                   where failed >= {RetrySchedule.MostAttempts - Near:D} and ($1 is null or tenant_id = $1) {Most}) q)::int,
               (select extract(epoch from now() - min(due_at)) from ready e cross join lateral (
                   select due_at from command_center.delivery_queue q where q.endpoint_id = e.id and due_at <= now() and ($1 is null or q.tenant_id = $1)
                   order by due_at limit 1) q)::double precision
        """;

    private const string Ready =
        """
        ready as materialized (
            select id from command_center.webhook_endpoints
            where enabled and deleted_at is null and (cooldown_until is null or cooldown_until <= now())
        )
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
            givenUp += outcome is 2 or 4 ? attempts : 0;
            if (outcome is 1 or 2)
            {
                failed += attempts;
                var name = ((TriageLabel)triage).Name();
                byTriage[name] = byTriage.GetValueOrDefault(name) + attempts;
            }
        }
        return new(
            "ok", Shown(queued), Shown(due), Shown(inFlight), Shown(near), queued > DeliveryReader.MostCounted, delivered, givenUp, failed,
            delivered + givenUp == 0 ? null : Math.Round(100.0 * delivered / (delivered + givenUp), 2), age, byTriage);
    }

    private static int Shown(int counted) => Math.Min(counted, DeliveryReader.MostCounted);

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
