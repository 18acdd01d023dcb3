using AetherLink.CommandCenter.Alerts.Silencing;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>Reads what the evaluator is rebuilt from.</summary>
internal sealed class AlertState(IDbContextFactory<CommandCenterDb> contexts)
{
    public async Task<IReadOnlyList<AlertRule>> EnabledRulesAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AlertRules.AsNoTracking().Where(rule => rule.Enabled).OrderBy(rule => rule.RuleId).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Silence>> SilencesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Silences.AsNoTracking().Where(silence => silence.EndsAt > now).ToListAsync(cancellationToken);
    }

    public static async Task<DateTime> EvaluatedAtAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select evaluated_at from command_center.alert_progress", connection);
        return (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static async Task<List<ActiveAlert>> ActiveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select alert_id, rule_id, tenant_id, group_key, rule_name, alert_severity, threshold, window_seconds, raised_at,
                event_ids, event_type, source, group_by, matched_count, silenced_by
            from command_center.alerts where resolved_at is null order by seq
            """, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var alerts = new List<ActiveAlert>();
        while (await row.ReadAsync(cancellationToken))
        {
            alerts.Add(new()
            {
                AlertId = row.GetGuid(0),
                Key = new(row.GetGuid(1), row.GetString(2), Text(3)),
                RuleName = row.GetString(4),
                Severity = (Severity)row.GetInt16(5),
                Threshold = row.GetInt32(6),
                WindowSeconds = row.GetInt32(7),
                RaisedAt = row.GetFieldValue<DateTimeOffset>(8),
                EventIds = row.GetFieldValue<string[]>(9),
                EventType = Text(10),
                Source = Text(11),
                GroupBy = Text(12),
                Matched = row.GetInt64(13),
                SilencedBy = row.IsDBNull(14) ? null : row.GetGuid(14),
            });
        }
        return alerts;

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }
}
