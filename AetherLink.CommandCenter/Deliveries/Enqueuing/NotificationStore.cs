using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Enqueuing;

/// <summary>The last notifications in Postgres. Written by the one replica that leads only.</summary>
internal static class NotificationStore
{
    private const string Columns = "endpoint_id, rule_id, tenant_id, group_key, notified_at, delivery_id, event_type, folded, pending_seq, pending_type";

    public static async Task<Dictionary<NotificationKey, LastNotification>> ReadAsync(
        IReadOnlyCollection<NotificationKey> keys, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var read = new NpgsqlBatchCommand(
            $"""
            select {Columns} from command_center.notifications
            join unnest($1, $2, $3, $4) as k (endpoint_id, rule_id, tenant_id, group_key) using (endpoint_id, rule_id, tenant_id, group_key)
            """);
        AddKeys(read.Parameters, keys);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new($"select {KeptPlan.Sql}"), read } };
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>
    /// Those whose window is over, and whose last event was another one than was told: somebody who was told of an alert, and not
    /// of its end, would believe in it for ever.
    /// </summary>
    public static async Task<Dictionary<NotificationKey, LastNotification>> UntoldAsync(
        DateTimeOffset before, int limit, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {Columns} from command_center.notifications
            where pending_seq is not null and pending_type <> event_type and notified_at <= $1 order by notified_at limit $2
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>Writes them, and counts on each delivery what was folded into it.</summary>
    public static void AddTo(NpgsqlBatch batch, IReadOnlyDictionary<NotificationKey, LastNotification> notifications)
    {
        if (notifications.Count == 0)
        {
            return;
        }
        var command = new NpgsqlBatchCommand(
            $"""
            with n as materialized (
                select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as t ({Columns})
            ), counted as (
                update command_center.deliveries d set folded = n.folded from n where d.id = n.delivery_id and d.folded <> n.folded
            )
            insert into command_center.notifications ({Columns}) select {Columns} from n
            on conflict (endpoint_id, rule_id, tenant_id, group_key) do update
            set notified_at = excluded.notified_at, delivery_id = excluded.delivery_id, event_type = excluded.event_type,
                folded = excluded.folded, pending_seq = excluded.pending_seq, pending_type = excluded.pending_type
            """);
        AddKeys(command.Parameters, [.. notifications.Keys]);
        var last = notifications.Values.ToList();
        void Column<T>(NpgsqlDbType type, Func<LastNotification, T> value) => command.Parameters.AddColumn(type, last, value);
        Column(NpgsqlDbType.TimestampTz, one => one.At.UtcDateTime);
        Column(NpgsqlDbType.Uuid, one => one.DeliveryId);
        Column(NpgsqlDbType.Text, one => one.EventType);
        Column(NpgsqlDbType.Integer, one => one.Folded);
        Column(NpgsqlDbType.Bigint, one => one.PendingSequence);
        Column(NpgsqlDbType.Text, one => one.PendingType);
        batch.BatchCommands.Add(command);
    }

    private static void AddKeys(NpgsqlParameterCollection parameters, IReadOnlyCollection<NotificationKey> keys)
    {
        parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.EndpointId)] });
        parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.RuleId)] });
        parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.TenantId)] });
        parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.GroupKey)] });
    }

    private static async Task<Dictionary<NotificationKey, LastNotification>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var notifications = new Dictionary<NotificationKey, LastNotification>();
        while (await reader.ReadAsync(cancellationToken))
        {
            notifications.Add(
                new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)),
                new(
                    reader.GetFieldValue<DateTimeOffset>(4), reader.GetGuid(5), reader.GetString(6), reader.GetInt32(7),
                    reader.IsDBNull(8) ? null : reader.GetInt64(8), reader.IsDBNull(9) ? null : reader.GetString(9)));
        }
        return notifications;
    }
}
