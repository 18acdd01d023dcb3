using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.CommandCenter.Operators;
using AetherLink.CommandCenter.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AetherLink.CommandCenter.Alerts.Ruling;

/// <summary>Too many rules for a tenant, or in all.</summary>
internal sealed class TooManyRulesException(string message) : Exception(message);

/// <summary>The rules' rows. Every change raises the revision in its transaction, and wakes the evaluator wherever it is.</summary>
internal sealed class RuleStore(IDbContextFactory<CommandCenterDb> contexts, OperatorAudit audit, CommitSignal signal)
{
    /// <summary>Newest first: their ids are made in the order of time.</summary>
    public async Task<IReadOnlyList<AlertRule>> ListAsync(string? tenant, Guid? before, int limit, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AlertRules.AsNoTracking()
            .Where(rule => (tenant == null || rule.TenantId == tenant) && (before == null || rule.RuleId < before))
            .OrderByDescending(rule => rule.RuleId)
            .Take(limit)
            .ToListAsync(cancellationToken);
    }

    public async Task<AlertRule?> FindAsync(Guid id, string? tenant, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AlertRules.AsNoTracking()
            .SingleOrDefaultAsync(rule => rule.RuleId == id && (tenant == null || rule.TenantId == tenant), cancellationToken);
    }

    public async Task<int> CountEnabledAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.AlertRules.CountAsync(rule => rule.Enabled && (tenant == null || rule.TenantId == tenant), cancellationToken);
    }

    /// <exception cref="TooManyRulesException">There are as many as there may be.</exception>
    public Task AddAsync(AlertRule rule, CancellationToken cancellationToken) => ChangeAsync(
        async db =>
        {
            // The revision's row is locked: nobody adds another meanwhile.
            if (await db.AlertRules.CountAsync(cancellationToken) >= AlertLimits.RulesInAll)
            {
                throw new TooManyRulesException($"There are {AlertLimits.RulesInAll} rules, and no more are evaluated.");
            }
            await CheckRoomAsync(db, rule.TenantId, cancellationToken);
            db.AlertRules.Add(rule);
            await RecordAsync(db, "alert_rule.created", null, rule, cancellationToken);
            return true;
        }, cancellationToken);

    private static async Task CheckRoomAsync(CommandCenterDb db, string? tenant, CancellationToken cancellationToken)
    {
        if (await db.AlertRules.CountAsync(other => other.TenantId == tenant, cancellationToken) >= AlertLimits.RulesOfATenant)
        {
            throw new TooManyRulesException(
                $"{(tenant is null ? "There are for all tenants" : $"Tenant '{tenant}' has")} {AlertLimits.RulesOfATenant} rules, which is the most.");
        }
    }

    /// <summary>The rule as it is now; null when there is none that the tenant may change.</summary>
    /// <exception cref="TooManyRulesException">The tenant that it is to be of has as many as it may.</exception>
    public async Task<AlertRule?> UpdateAsync(
        Guid id, string? tenant, Func<AlertRule, AlertRule> change, CancellationToken cancellationToken)
    {
        AlertRule? changed = null;
        await ChangeAsync(async db =>
        {
            var rule = await db.AlertRules.AsNoTracking()
                .SingleOrDefaultAsync(row => row.RuleId == id && (tenant == null || row.TenantId == tenant), cancellationToken);
            if (rule is not null)
            {
                changed = change(rule);
                if (changed.TenantId != rule.TenantId)
                {
                    await CheckRoomAsync(db, changed.TenantId, cancellationToken);
                }
                // Counted by the evaluator beside this.
                db.AlertRules.Update(changed).Property(row => row.Overflowed).IsModified = false;
                await RecordAsync(db, "alert_rule.changed", rule, changed, cancellationToken);
            }
            return rule is not null;
        }, cancellationToken);
        return changed;
    }

    public async Task<bool> DeleteAsync(Guid id, string? tenant, CancellationToken cancellationToken) => await ChangeAsync(
        async db =>
        {
            var rule = await db.AlertRules.SingleOrDefaultAsync(
                row => row.RuleId == id && (tenant == null || row.TenantId == tenant), cancellationToken);
            if (rule is not null)
            {
                db.AlertRules.Remove(rule);
                await RecordAsync(db, "alert_rule.deleted", rule, null, cancellationToken);
            }
            return rule is not null;
        }, cancellationToken);

    /// <summary>The number of the change, when there was one.</summary>
    public async Task<bool> ChangeAsync(Func<CommandCenterDb, Task<bool>> change, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RaiseAsync(db, cancellationToken);
        if (!await change(db))
        {
            return false;
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Pulse();
        return true;
    }

    /// <summary>Asks for an evaluation now: the evaluator answers every revision.</summary>
    public async Task<long> AskAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var revision = await RaiseAsync(db, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Pulse();
        return revision;
    }

    private Task RecordAsync(CommandCenterDb db, string action, AlertRule? before, AlertRule? after, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            (NpgsqlConnection)db.Database.GetDbConnection(), action, (after ?? before)!.RuleId.ToString(), before?.TenantId, after?.TenantId, before, after,
            AlertsJson.Wire.AlertRule, cancellationToken);

    private static async Task<long> RaiseAsync(CommandCenterDb db, CancellationToken cancellationToken)
    {
        var raised = await db.Database.SqlQuery<long>(
            $"update command_center.alert_revision set revision = revision + 1 returning revision as \"Value\"").ToListAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_notify({EventWriter.Channel}, '')", cancellationToken);
        return raised[0];
    }
}
