using System.Globalization;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.CommandCenter.Operators;
using AetherLink.CommandCenter.Storage;
using Npgsql;

namespace AetherLink.CommandCenter.Alerts.Listing;

/// <summary>Reads alerts, and acknowledges them.</summary>
internal sealed class AlertStore(
    NpgsqlDataSource source, IEventWriter writer, AlertEvents events, OperatorAudit audit, EventMetrics metrics, CommitSignal signal)
{
    private const string Columns =
        """
        select seq, alert_id, rule_id, rule_name, tenant_id, group_key, alert_severity, threshold, window_seconds, matched_count,
            event_ids, raised_at, acknowledged_at, acknowledged_by, silenced_at, silenced_by, resolved_at, resolved_reason
        from command_center.alerts
        """;

    /// <summary>What comes before a number, newest first; with the numbers.</summary>
    public async Task<IReadOnlyList<(long Sequence, Alert Alert)>> ListAsync(
        AlertFilter filter, long before, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        command.CommandText = $"{Columns} {Where(filter, command.Parameters)} and seq < {before:D} order by seq desc limit {limit:D}";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var alerts = new List<(long, Alert)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            alerts.Add((reader.GetInt64(0), Row(reader)));
        }
        return alerts;
    }

    public async Task<int> CountAsync(AlertFilter filter, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        command.CommandText = $"select count(*)::int from command_center.alerts {Where(filter, command.Parameters)}";
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// The alert as it is then, and whether it was active; null when there is none that the tenant may see. Whoever was first
    /// stays the one that acknowledged it.
    /// </summary>
    public async Task<(Alert Alert, bool WasActive)?> AcknowledgeAsync(Guid id, string? tenant, string who, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await FindAsync(id, tenant, connection, transaction, cancellationToken) is not { } alert)
        {
            return null;
        }
        if (alert.ResolvedAt is not null || alert.AcknowledgedAt is not null)
        {
            return (alert, alert.ResolvedAt is null);
        }
        // By the clock that dated its beginning.
        var now = await connection.NowAsync(cancellationToken);
        await using (var update = new NpgsqlCommand(
            "update command_center.alerts set acknowledged_at = $2, acknowledged_by = $3 where alert_id = $1", connection, transaction))
        {
            update.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
            update.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
            update.Parameters.Add(new NpgsqlParameter<string> { TypedValue = who });
            await update.ExecuteNonQueryAsync(cancellationToken);
        }
        var payload = new AlertPayload(
            alert.AlertId, alert.Rule.RuleId, alert.Rule.Name, alert.Severity, alert.TenantId, alert.Group, alert.MatchedCount,
            alert.Rule.Threshold, alert.Rule.WindowSeconds, alert.RaisedAt, alert.SilencedBy, alert.EventIds)
        { AcknowledgedAt = now, AcknowledgedBy = who };
        var acknowledged = alert with
        {
            State = alert.SilencedBy is null ? "acknowledged" : alert.State,
            AcknowledgedAt = now,
            AcknowledgedBy = who,
        };
        await audit.RecordAsync(
            connection, "alert.acknowledged", id.ToString(), alert.TenantId, alert, acknowledged, AlertsJson.Wire.Alert, cancellationToken);
        var draft = events.Acknowledged(payload, now);
        await writer.WriteAsync([draft], connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        metrics.Stored(draft);
        signal.Pulse();
        return (acknowledged, true);
    }

    private static async Task<Alert?> FindAsync(
        Guid id, string? tenant, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"{Columns} where alert_id = $1 and ($2::text is null or tenant_id = $2) for update", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Row(reader) : null;
    }

    private static string Where(AlertFilter filter, NpgsqlParameterCollection parameters)
    {
        var conditions = new List<string> { "true" };
        if (filter.States.Count > 0)
        {
            // By itself, so that the planner sees the index of the active ones.
            conditions.Add(filter.States.Contains("resolved") ? "true" : "resolved_at is null");
            conditions.Add($"({string.Join(" or ", filter.States.Distinct().Select(OfState))})");
        }
        void And<T>(string condition, T value)
        {
            parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
            conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, parameters.Count));
        }
        if (filter.Severities.Count > 0)
        {
            And("alert_severity = any (${0})", filter.Severities.Select(severity => (short)severity).ToArray());
        }
        if (filter.TenantId is { } tenant)
        {
            And("tenant_id = ${0}", tenant);
        }
        if (filter.RuleId is { } rule)
        {
            And("rule_id = ${0}", rule);
        }
        return "where " + string.Join(" and ", conditions);
    }

    private static string OfState(string state) => state switch
    {
        "resolved" => "resolved_at is not null",
        "silenced" => "(resolved_at is null and silenced_by is not null)",
        "acknowledged" => "(resolved_at is null and silenced_by is null and acknowledged_at is not null)",
        _ => "(resolved_at is null and silenced_by is null and acknowledged_at is null)",
    };

    private static Alert Row(NpgsqlDataReader row)
    {
        DateTimeOffset? Time(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        var (acknowledged, resolved) = (Time(12), Time(16));
        Guid? silence = row.IsDBNull(15) ? null : row.GetGuid(15);
        var state = resolved is not null ? "resolved" : silence is not null ? "silenced" : acknowledged is not null ? "acknowledged" : "raised";
        return new(
            row.GetGuid(1), state, (Severity)row.GetInt16(6), row.GetString(4), Text(5),
            new(row.GetGuid(2), row.GetString(3), row.GetInt32(7), row.GetInt32(8)), row.GetInt64(9), row.GetFieldValue<DateTimeOffset>(11),
            acknowledged, Text(13), Time(14), silence, resolved, Text(17), row.GetFieldValue<string[]>(10));
    }
}
