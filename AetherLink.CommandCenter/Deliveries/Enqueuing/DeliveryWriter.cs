using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Enqueuing;

/// <summary>Writes deliveries, and puts them into the queue, in a transaction of the caller's. Whoever commits it pulses the <see cref="DispatchSignal"/>.</summary>
internal static class DeliveryWriter
{
    private const string Sql =
        $"""
        with fresh as (
            insert into command_center.deliveries (id, message_id, endpoint_id, tenant_id, event_id, event_seq, event_type, severity,
                created_at, original_id, replayed_by, body)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            on conflict do nothing
            returning id, endpoint_id, tenant_id
        ), queued as (
            insert into command_center.delivery_queue (delivery_id, endpoint_id, tenant_id, due_at)
            select id, endpoint_id, tenant_id, now() from fresh
        )
        select pg_notify('{DispatchSignal.Channel}', '')
        """;

    public static async Task WriteAsync(
        IReadOnlyList<NewDelivery> deliveries, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (deliveries.Count == 0)
        {
            return;
        }
        await using var command = new NpgsqlCommand(Sql, connection, transaction);
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
        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
