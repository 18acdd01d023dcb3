using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.CommandCenter.Insights.Anomalies.Living;
using AetherLink.CommandCenter.Insights.Anomalies.Telling;
using AetherLink.CommandCenter.Operators;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Anomalies.Judging;

/// <summary>Keeps what a person says of an anomaly, with the audit of it and the event that it is over, in one transaction.</summary>
internal sealed class Triaging(Events.Announcing.Telling telling, AnomalyEvents events, OperatorAudit audit, TimeProvider clock)
{
    /// <summary>
    /// The anomaly as it is then, and whether its state allowed what was said; null when there is none that the tenant may see.
    /// </summary>
    public Task<(Incident Incident, bool IsDone)?> SayAsync(
        Guid id, string? tenant, AnomalyState to, string by, string? note, CancellationToken cancellationToken) =>
        telling.CommitAsync<(Incident, bool)?>(
            async (connection, transaction, token) =>
            {
                if (await FindAsync(id, tenant, connection, transaction, token) is not { } found)
                {
                    return new(null);
                }
                var (before, kind, incident) = found;
                if (AnomalyLife.Triage(before, to, by, note) is not { } after)
                {
                    return new((incident, false));
                }
                var now = clock.GetUtcNow();
                await UpdateAsync(after, now, connection, transaction, token);
                var judged = AnomalyReader.Of(after, kind, incident.Sequence, incident.DetectedAt, now);
                await audit.RecordAsync(
                    connection, $"anomaly.{to.Name()}", id.ToString(), after.TenantId, incident, judged, AnomaliesJson.Wire.Incident, token);
                return new((judged, true), before.IsCurrent && !after.IsCurrent ? events.Resolved(after, kind) : null);
            }, cancellationToken);

    private static async Task<(Anomaly Anomaly, SeriesKind Kind, Incident Incident)?> FindAsync(
        Guid id, string? tenant, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"{AnomalyRecord.Columns} where id = $1 and ($2 is null or tenant_id = $2) for update", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (AnomalyRecord.Row(row), (SeriesKind)row.GetInt16(15), AnomalyReader.Of(row)) : null;
    }

    private static async Task UpdateAsync(
        Anomaly after, DateTimeOffset now, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "update command_center.anomalies set state = $2, triaged_by = $3, triaged_at = $4, note = $5 where id = $1", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after.Id });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)after.State });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = after.TriagedBy, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = after.Note, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
