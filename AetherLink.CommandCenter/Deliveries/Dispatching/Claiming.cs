using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>
/// Takes what is due, of each endpoint as much as it has room for: one that does not answer fills its own room, and no other's.
/// </summary>
internal sealed class Claiming(NpgsqlDataSource source, IOptions<DeliveryOptions> options)
{
    /// <summary>In one statement: enough that its cost is spread, few enough that the first is not kept waiting for the last.</summary>
    public const int MostAClaim = 200;

    /// <summary>
    /// What each endpoint has room for, and what is spare for those that are not well together, by the first nine parameters, which
    /// <see cref="AddTo"/> adds. One that keeps failing is asked with one at a time; one that has not answered well since it was made,
    /// changed or switched on, with a few.
    /// </summary>
    public static readonly string Room =
        $"""
        room as materialized (
            select e.id, e.kind, e.url, e.secret, case when e.previous_until > now() then e.previous_secret end as previous_secret,
                   greatest(0, case
                       when e.failures >= $5 then 1
                       when e.last_success_at is null or e.last_success_at < e.updated_at then least($4, {Vacancy.Few:D})
                       else $4 end - coalesce(b.busy, 0))::int as room,
                   e.failures >= $5 as is_probed, e.failures > 0 or e.id = any ($8) as is_unwell
            from command_center.webhook_endpoints e
            left join unnest($1::uuid[], $2::int[]) as b (id, busy) on b.id = e.id
            where e.enabled and e.deleted_at is null and (e.cooldown_until is null or e.cooldown_until <= now())
        ), spare as materialized (
            select greatest(0, $9 - coalesce(sum(b.busy), 0))::int as places
            from unnest($1::uuid[], $2::int[]) as b (id, busy) join command_center.webhook_endpoints e on e.id = b.id
            where e.failures > 0 or e.id = any ($8)
        )
        """;

    private const string Due =
        """
        select delivery_id from command_center.delivery_queue where endpoint_id = r.id and due_at <= now()
        order by due_at limit r.room for update skip locked
        """;

    private static readonly string Sql =
        $"""
        with {Room}, due as materialized (
            select delivery_id, room, id, count(*) over (partition by id) as taken
            from (
                (select q.delivery_id, r.room, r.id from room r cross join lateral ({Due}) q
                    where r.is_unwell limit (select places from spare))
                union all
                (select q.delivery_id, r.room, r.id from room r cross join lateral ({Due}) q where not r.is_unwell)) d
            limit $3
        ), claimed as (
            update command_center.delivery_queue q
            set fence = q.fence + 1, holder = $6, lease_until = now() + $7, due_at = now() + $7
            from due where q.delivery_id = due.delivery_id
            returning q.delivery_id, q.fence, q.failed, due.id as endpoint_id, due.taken >= due.room as filled
        )
        select c.delivery_id, c.fence, c.failed, c.filled, d.tenant_id, d.event_type, d.event_id, c.endpoint_id,
               d.message_id, r.kind, r.url, r.secret, r.previous_secret, d.body, d.rule_id, now()
        from claimed c join command_center.deliveries d on d.id = c.delivery_id join room r on r.id = c.endpoint_id
        """;

    public async Task<List<Claim>> ClaimAsync(Vacancy vacancy, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var claim = new NpgsqlBatchCommand(Sql);
        AddTo(claim.Parameters, vacancy, options.Value);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new($"select {KeptPlan.Sql}"), claim } };
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var claims = new List<Claim>();
        while (await reader.ReadAsync(cancellationToken))
        {
            claims.Add(Row(reader));
        }
        return claims;
    }

    /// <summary>The parameters of <see cref="Room"/>, and who takes how many for how long.</summary>
    public static void AddTo(NpgsqlParameterCollection parameters, Vacancy? vacancy, DeliveryOptions options)
    {
        parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. vacancy?.Busy.Keys ?? []] });
        parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. vacancy?.Busy.Values ?? []] });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = Math.Min(vacancy?.Places ?? 0, MostAClaim) });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = vacancy?.OfEach ?? options.EndpointConcurrency });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = EndpointHealth.FailuresBeforeCooldown });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = vacancy?.Holder ?? 0 });
        parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Lease, NpgsqlDbType = NpgsqlDbType.Interval });
        parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = vacancy?.Slow ?? [] });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = vacancy?.OfTheUnwell ?? 0 });
    }

    /// <summary>The message to an endpoint whose kind, URL and secrets stand in a row, from a column on.</summary>
    public static Outgoing MessageOf(NpgsqlDataReader row, int column, DateTimeOffset at, Guid endpoint, string messageId, byte[] body) => new(
        messageId, at, endpoint, (EndpointKind)row.GetInt16(column), EndpointUrl.Stored(row.GetString(column + 1)),
        row.IsDBNull(column + 3) ? [new(row.GetString(column + 2))] : [new(row.GetString(column + 2)), new(row.GetString(column + 3))], body);

    private static Claim Row(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt32(1), row.GetInt32(2), row.GetBoolean(3),
        new(row.GetString(4), row.GetString(5), row.GetString(6), row.IsDBNull(14) ? null : row.GetString(14)),
        row.GetGuid(7),
        MessageOf(row, 9, row.GetFieldValue<DateTimeOffset>(15), row.GetGuid(7), row.GetString(8), row.GetFieldValue<byte[]>(13)));
}
