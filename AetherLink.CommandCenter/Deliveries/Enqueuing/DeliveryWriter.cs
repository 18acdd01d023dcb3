using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Enqueuing;

/// <summary>
/// Writes deliveries and puts them into the queue. Those that this replica has room for are leased to it with the same statement,
/// and need not be claimed. Nobody is passed by: where something is due, new ones queue up. The dispatchers are told of what they
/// might take at once: not of what is for an endpoint that is off, cools down, or is asked with one at a time. What this replica has
/// no room for is news for the others alone: here the end of one of those that are on their way asks for it.
/// </summary>
internal static class DeliveryWriter
{
    // Where there is no other replica none is told: a commit that notifies waits for every other that does.
    private static readonly string Sql =
        $"""
        with {Claiming.Room}, fresh as (
            insert into command_center.deliveries (id, message_id, endpoint_id, tenant_id, event_id, event_seq, event_type, severity,
                created_at, original_id, replayed_by, body, rule_id)
            select * from unnest($10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
            on conflict do nothing
            returning id, endpoint_id, tenant_id
        ), placed as materialized (
            select f.id, f.endpoint_id, f.tenant_id, l.leased, count(*) over (partition by f.endpoint_id) >= r.room as filled,
                   r.kind, r.url, r.secret, r.previous_secret, not l.leased and not r.is_probed as is_waiting, f.own <= r.room as has_room
            from (
                select fresh.*, row_number() over (order by id) as place, row_number() over (partition by endpoint_id order by id) as own
                from fresh) f
            left join room r on r.id = f.endpoint_id
            cross join lateral (select f.place <= $3 and r.id is not null and f.own <= r.room
                and (not r.is_unwell or f.place <= (select places from spare)) and (
                select q.due_at from command_center.delivery_queue q where q.endpoint_id = r.id and q.due_at <= now() limit 1) is null as leased) l
        ), queued as (
            insert into command_center.delivery_queue (delivery_id, endpoint_id, tenant_id, due_at, lease_until, holder, fence)
            select id, endpoint_id, tenant_id, case when leased then now() + $7 else now() end,
                   case when leased then now() + $7 end, case when leased then $6 end, leased::int
            from placed
        )
        select id, leased, filled, kind, url, secret, previous_secret, is_waiting and has_room, now(),
               case when is_waiting and exists (select from command_center.delivery_dispatchers where id <> $6)
                   then pg_notify('{DispatchSignal.Channel}', $6::text)::text end
        from placed
        """;

    /// <summary>Adds them to what is committed together.</summary>
    public static void AddTo(NpgsqlBatch batch, IReadOnlyCollection<NewDelivery> deliveries, Vacancy? vacancy, DeliveryOptions options)
    {
        var command = new NpgsqlBatchCommand(Sql);
        Claiming.AddTo(command.Parameters, vacancy, options);
        void Column<T>(NpgsqlDbType type, Func<NewDelivery, T> value) => command.Parameters.AddColumn(type, deliveries, value);
        Column(NpgsqlDbType.Uuid, delivery => delivery.Id);
        Column(NpgsqlDbType.Text, delivery => delivery.MessageId);
        Column(NpgsqlDbType.Uuid, delivery => delivery.EndpointId);
        Column(NpgsqlDbType.Text, delivery => delivery.TenantId);
        Column(NpgsqlDbType.Text, delivery => delivery.EventId);
        Column(NpgsqlDbType.Bigint, delivery => delivery.EventSequence);
        Column(NpgsqlDbType.Text, delivery => delivery.EventType);
        Column(NpgsqlDbType.Smallint, delivery => (short)delivery.Severity);
        Column(NpgsqlDbType.TimestampTz, delivery => delivery.CreatedAt.UtcDateTime);
        Column(NpgsqlDbType.Uuid, delivery => delivery.OriginalId);
        Column(NpgsqlDbType.Text, delivery => delivery.ReplayedBy);
        Column(NpgsqlDbType.Bytea, delivery => delivery.Body);
        Column(NpgsqlDbType.Text, delivery => delivery.RuleId);
        batch.BatchCommands.Add(command);
    }

    /// <summary>The delivery of a row of the answer.</summary>
    public static Guid Id(NpgsqlDataReader row) => row.GetGuid(0);

    /// <summary>Whether it waits in the queue, and the dispatcher of this replica might take it at once.</summary>
    public static bool IsLeft(NpgsqlDataReader row) => !row.IsDBNull(7) && row.GetBoolean(7);

    /// <summary>What is to be sent now; null for what waits in the queue.</summary>
    public static Claim? Leased(NpgsqlDataReader row, NewDelivery delivery) => !row.GetBoolean(1)
        ? null
        : new(
            delivery.Id, Fence: 1, Failed: 0, row.GetBoolean(2), new(delivery.TenantId, delivery.EventType, delivery.EventId, delivery.RuleId),
            delivery.EndpointId, Claiming.MessageOf(row, 3, row.GetFieldValue<DateTimeOffset>(8), delivery.EndpointId, delivery.MessageId, delivery.Body));
}
