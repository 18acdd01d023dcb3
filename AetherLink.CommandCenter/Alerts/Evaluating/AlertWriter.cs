using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>What was decided, as statements of the follower's transaction: one for all alerts, and one for their events.</summary>
internal sealed class AlertWriter(IEventWriter events)
{
    private const string Raise =
        """
        insert into command_center.alerts (alert_id, rule_id, rule_name, tenant_id, group_key, alert_severity, threshold, window_seconds,
            matched_count, event_ids, event_type, source, group_by, raised_at, silenced_by, silenced_at, resolved_at, resolved_reason)
        select alert_id, rule_id, rule_name, tenant_id, group_key, alert_severity, threshold, window_seconds,
            matched_count, coalesce(string_to_array(nullif(event_ids, ''), E'\n'), '{}'), event_type, source, group_by, raised_at,
            silenced_by, case when silenced_by is not null then raised_at end, resolved_at, resolved_reason
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) with ordinality as t (
            alert_id, rule_id, rule_name, tenant_id, group_key, alert_severity, threshold, window_seconds, matched_count, event_ids,
            event_type, source, group_by, raised_at, silenced_by, resolved_at, resolved_reason, ord)
        order by ord
        """;

    private const string Resolve =
        """
        update command_center.alerts a set resolved_at = t.resolved_at, resolved_reason = t.reason, matched_count = t.matched
        from unnest($1, $2, $3, $4) as t (alert_id, resolved_at, reason, matched) where a.alert_id = t.alert_id
        """;

    private const string Silence =
        """
        update command_center.alerts a set silenced_by = t.silenced_by, silenced_at = case when t.silenced_by is not null then $3 end
        from unnest($1, $2) as t (alert_id, silenced_by) where a.alert_id = t.alert_id
        """;

    private const string Mute =
        "insert into command_center.alert_mutes (silence_id, alert_id, muted_at) select * from unnest($1, $2, $3)";

    private const string Unmute =
        """
        update command_center.alert_mutes m set unmuted_at = t.at from unnest($1, $2, $3) as t (silence_id, alert_id, at)
        where m.silence_id = t.silence_id and m.alert_id = t.alert_id and m.unmuted_at is null
        """;

    private const string Count =
        """
        update command_center.alerts a set matched_count = t.matched from unnest($1, $2) as t (alert_id, matched)
        where a.alert_id = t.alert_id
        """;

    public void Write(AlertChanges changes, DateTimeOffset now, NpgsqlBatch batch)
    {
        // What ends makes room for what begins: a window has one active alert at most.
        Add(batch, changes.Resolved, Resolve, command =>
        {
            Column(command, NpgsqlDbType.Uuid, changes.Resolved, alert => alert.AlertId);
            Column(command, NpgsqlDbType.TimestampTz, changes.Resolved, alert => alert.ResolvedAt!.Value.UtcDateTime);
            Column(command, NpgsqlDbType.Text, changes.Resolved, alert => alert.Reason);
            Column(command, NpgsqlDbType.Bigint, changes.Resolved, alert => alert.Matched);
        });
        Add(batch, changes.Raised, Raise, command => RaisedColumns(command, changes.Raised));
        Add(batch, changes.Silenced, Silence, command =>
        {
            Column(command, NpgsqlDbType.Uuid, changes.Silenced, alert => alert.AlertId);
            Column(command, NpgsqlDbType.Uuid, changes.Silenced, alert => alert.SilencedBy);
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        });
        Add(batch, changes.Unmutes, Unmute, command => MuteColumns(command, changes.Unmutes));
        Add(batch, changes.Mutes, Mute, command => MuteColumns(command, changes.Mutes));
        Add(batch, changes.Announced, "update command_center.alert_silences set announced = true where silence_id = any ($1)",
            command => Column(command, NpgsqlDbType.Uuid, changes.Announced, id => id));
        Add(batch, changes.Ended,
            """
            update command_center.alert_silences s set ends_at = greatest(t.at, s.starts_at), ended_by = 'resolved'
            from unnest($1, $2) as t (silence_id, at) where s.silence_id = t.silence_id and s.ends_at > t.at
            """,
            command =>
            {
                Column(command, NpgsqlDbType.Uuid, changes.Ended, ended => ended.SilenceId);
                Column(command, NpgsqlDbType.TimestampTz, changes.Ended, ended => ended.At.UtcDateTime);
            });
        // Last, since it takes the lock of all writers.
        if (changes.Events.Count > 0)
        {
            events.AddTo(batch, changes.Events);
        }
    }

    /// <summary>What the evaluator has come to, beside its position: its clock, the revision, and what it counts by the way.</summary>
    public static void Save(Evaluator evaluator, long revision, IReadOnlyCollection<ActiveAlert> counted, NpgsqlBatch batch)
    {
        batch.BatchCommands.Add(new("update command_center.alert_progress set revision = $1, evaluated_at = $2")
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = revision },
                new NpgsqlParameter<DateTime> { TypedValue = new DateTime(evaluator.Clock, DateTimeKind.Utc) },
            },
        });
        Add(batch, counted, Count, command =>
        {
            Column(command, NpgsqlDbType.Uuid, counted, alert => alert.AlertId);
            Column(command, NpgsqlDbType.Bigint, counted, alert => alert.Matched);
        });
    }

    public static void SaveOverflow(IReadOnlyCollection<(Guid RuleId, long Events)> more, NpgsqlBatch batch) => Add(batch, more,
        """
        update command_center.alert_rules r set overflowed = r.overflowed + t.events
        from unnest($1, $2) as t (rule_id, events) where r.rule_id = t.rule_id
        """,
        command =>
        {
            Column(command, NpgsqlDbType.Uuid, more, one => one.RuleId);
            Column(command, NpgsqlDbType.Bigint, more, one => one.Events);
        });

    private static void RaisedColumns(NpgsqlBatchCommand command, IReadOnlyCollection<ActiveAlert> raised)
    {
        Column(command, NpgsqlDbType.Uuid, raised, alert => alert.AlertId);
        Column(command, NpgsqlDbType.Uuid, raised, alert => alert.Key.RuleId);
        Column(command, NpgsqlDbType.Text, raised, alert => alert.RuleName);
        Column(command, NpgsqlDbType.Text, raised, alert => alert.Key.TenantId);
        Column(command, NpgsqlDbType.Text, raised, alert => alert.Key.Group);
        Column(command, NpgsqlDbType.Smallint, raised, alert => (short)alert.Severity);
        Column(command, NpgsqlDbType.Integer, raised, alert => alert.Threshold);
        Column(command, NpgsqlDbType.Integer, raised, alert => alert.WindowSeconds);
        Column(command, NpgsqlDbType.Bigint, raised, alert => alert.Matched);
        // An id holds no control character.
        Column(command, NpgsqlDbType.Text, raised, alert => string.Join('\n', alert.EventIds));
        Column(command, NpgsqlDbType.Text, raised, alert => alert.EventType);
        Column(command, NpgsqlDbType.Text, raised, alert => alert.Source);
        Column(command, NpgsqlDbType.Text, raised, alert => alert.GroupBy);
        Column(command, NpgsqlDbType.TimestampTz, raised, alert => alert.RaisedAt.UtcDateTime);
        Column(command, NpgsqlDbType.Uuid, raised, alert => alert.SilencedBy);
        Column(command, NpgsqlDbType.TimestampTz, raised, alert => alert.ResolvedAt?.UtcDateTime);
        Column(command, NpgsqlDbType.Text, raised, alert => alert.Reason);
    }

    private static void MuteColumns(NpgsqlBatchCommand command, IReadOnlyCollection<(Guid SilenceId, Guid AlertId, DateTimeOffset At)> mutes)
    {
        Column(command, NpgsqlDbType.Uuid, mutes, mute => mute.SilenceId);
        Column(command, NpgsqlDbType.Uuid, mutes, mute => mute.AlertId);
        Column(command, NpgsqlDbType.TimestampTz, mutes, mute => mute.At.UtcDateTime);
    }

    private static void Add<T>(NpgsqlBatch batch, IReadOnlyCollection<T> rows, string sql, Action<NpgsqlBatchCommand> fill)
    {
        if (rows.Count > 0)
        {
            var command = new NpgsqlBatchCommand(sql);
            fill(command);
            batch.BatchCommands.Add(command);
        }
    }

    private static void Column<TRow, T>(NpgsqlBatchCommand command, NpgsqlDbType type, IReadOnlyCollection<TRow> rows, Func<TRow, T> value) =>
        command.Parameters.AddColumn(type, rows, value);
}
