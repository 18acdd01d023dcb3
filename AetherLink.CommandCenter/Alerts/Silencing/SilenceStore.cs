using AetherLink.CommandCenter.Alerts.Ruling;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Operators;
using AetherLink.CommandCenter.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Alerts.Silencing;

/// <summary>An alert that a silence muted.</summary>
internal sealed record MutedAlert(
    Guid AlertId, string RuleName, string TenantId, string? Group, Severity Severity, DateTimeOffset RaisedAt, DateTimeOffset MutedAt,
    DateTimeOffset? UnmutedAt, DateTimeOffset? ResolvedAt);

/// <summary>The silences' rows, and the record of what they muted.</summary>
internal sealed class SilenceStore(
    IDbContextFactory<CommandCenterDb> contexts, RuleStore rules, OperatorAudit audit, NpgsqlDataSource source)
{
    /// <summary>By which they begin and end: the evaluator's.</summary>
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => source.NowAsync(cancellationToken);

    public async Task<IReadOnlyList<Silence>> ListAsync(
        string? tenant, IReadOnlyList<string> states, DateTimeOffset now, long before, int limit, CancellationToken cancellationToken)
    {
        var (pending, active, ended) = (Wanted("pending"), Wanted("active"), Wanted("ended"));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Silences.AsNoTracking()
            .Where(silence => (tenant == null || silence.TenantId == tenant) && silence.Seq < before)
            .Where(silence => (ended && silence.EndsAt <= now)
                || (active && silence.StartsAt <= now && silence.EndsAt > now)
                || (pending && silence.StartsAt > now && silence.EndsAt > now))
            .OrderByDescending(silence => silence.Seq)
            .Take(limit)
            .ToListAsync(cancellationToken);

        bool Wanted(string state) => states.Count == 0 || states.Contains(state);
    }

    public async Task<Silence?> FindAsync(Guid id, string? tenant, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Silences.AsNoTracking().SingleOrDefaultAsync(
            silence => silence.SilenceId == id && (tenant == null || silence.TenantId == tenant), cancellationToken);
    }

    /// <summary>One's own, or one for all tenants that muted an alert of one's own: who is not told may ask who muted it.</summary>
    public async Task<Silence?> FindConcerningAsync(Guid id, string? tenant, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, tenant, cancellationToken) is { } own)
        {
            return own;
        }
        return await FindAsync(id, null, cancellationToken) is { TenantId: null } all
            && (await MutedAsync(id, tenant, long.MaxValue, 1, cancellationToken)).Count > 0 ? all : null;
    }

    /// <summary>False when the tenant has as many as it may.</summary>
    public Task<bool> AddAsync(Silence silence, CancellationToken cancellationToken) => rules.ChangeAsync(
        async db =>
        {
            var now = silence.CreatedAt;
            if (await db.Silences.CountAsync(other => other.TenantId == silence.TenantId && other.EndsAt > now, cancellationToken)
                >= AlertLimits.SilencesOfATenant)
            {
                return false;
            }
            db.Silences.Add(silence);
            await RecordAsync(db, "silence.created", null, silence, now, cancellationToken);
            return true;
        }, cancellationToken);

    /// <summary>Ends it now; the row stays as the record of what it muted.</summary>
    public async Task<bool> EndAsync(Guid id, string? tenant, string who, CancellationToken cancellationToken)
    {
        var now = await NowAsync(cancellationToken);
        return await rules.ChangeAsync(
            async db =>
            {
                var silence = await db.Silences.AsNoTracking().SingleOrDefaultAsync(
                    row => row.SilenceId == id && (tenant == null || row.TenantId == tenant) && row.EndsAt > now, cancellationToken);
                if (silence is null)
                {
                    return false;
                }
                var ended = silence with { EndsAt = silence.StartsAt > now ? silence.StartsAt : now, EndedBy = who };
                await RecordAsync(db, "silence.ended", silence, ended, now, cancellationToken);
                return await db.Silences.Where(row => row.SilenceId == id).ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.EndsAt, ended.EndsAt).SetProperty(row => row.EndedBy, who), cancellationToken) > 0;
            }, cancellationToken);
    }

    private Task RecordAsync(
        CommandCenterDb db, string action, Silence? before, Silence after, DateTimeOffset now, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            db, action, after.SilenceId.ToString(), after.TenantId, before is null ? null : SilenceView.Of(before, now), SilenceView.Of(after, now),
            AlertsJson.Wire.SilenceView, cancellationToken);

    /// <summary>What it muted, newest first; with the numbers of the page.</summary>
    public async Task<IReadOnlyList<(long Sequence, MutedAlert Alert)>> MutedAsync(
        Guid id, string? tenant, long before, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            select m.seq, m.alert_id, a.rule_name, a.tenant_id, a.group_key, a.alert_severity, a.raised_at, m.muted_at, m.unmuted_at, a.resolved_at
            from command_center.alert_mutes m join command_center.alerts a using (alert_id)
            where m.silence_id = $1 and m.seq < $2 and ($3 is null or a.tenant_id = $3) order by m.seq desc limit {limit:D}
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var muted = new List<(long, MutedAlert)>();
        while (await row.ReadAsync(cancellationToken))
        {
            muted.Add((row.GetInt64(0), new(
                row.GetGuid(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4), (Severity)row.GetInt16(5),
                row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<DateTimeOffset>(7), Time(8), Time(9))));
        }
        return muted;

        DateTimeOffset? Time(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }
}
