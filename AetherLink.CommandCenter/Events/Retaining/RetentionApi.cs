using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Operators;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace AetherLink.CommandCenter.Events.Retaining;

internal static class RetentionApi
{
    /// <summary>A century: beyond it dates end before the days do.</summary>
    private const int MostDays = 36_500;

    public static void MapRetaining(this RouteGroupBuilder events)
    {
        var retention = events.MapGroup("/retention").RequireAuthorization(Policies.Configure);
        retention.MapGet("", GetAsync).WithName("Retention").WithSummary("How long events are kept; the tenants by name and by page.");
        retention.MapPut("", (RetentionChange change, Caller caller, CommandCenterDb db, OperatorAudit audit, CancellationToken cancellationToken) =>
                PutAsync(RetentionPolicy.Global, change, caller, db, audit, cancellationToken))
            .WithName("SetRetention").WithSummary("Sets how long events are kept.");
        retention.MapDelete("", (Caller caller, CommandCenterDb db, OperatorAudit audit, CancellationToken cancellationToken) =>
                DeleteAsync(RetentionPolicy.Global, caller, db, audit, cancellationToken))
            .WithName("ResetRetention").WithSummary("Back to the default of 90 days.");
        retention.MapGet("/tenants/{id}", GetTenantAsync).WithName("TenantRetention").WithSummary("How long a tenant's events are kept.");
        retention.MapPut("/tenants/{id}", PutAsync).WithName("SetTenantRetention").WithSummary("Sets a tenant's own retention.");
        retention.MapDelete("/tenants/{id}", DeleteAsync).WithName("ResetTenantRetention").WithSummary("Back to the retention of all.");
    }

    private static async Task<Results<Ok<RetentionPage>, ProblemHttpResult>> GetAsync(
        int? limit, string? cursor, Caller caller, CommandCenterDb db, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (most, after) = (check.LimitOfNames(limit), check.After(cursor));
        return check.Errors.Count > 0
            ? Problems.Validation(check.Errors)
            : TypedResults.Ok(await PageAsync(caller, db, after, most, cancellationToken));
    }

    private static async Task<Results<Ok<RetentionChange>, ProblemHttpResult>> GetTenantAsync(
        string id, Caller caller, CommandCenterDb db, CancellationToken cancellationToken)
    {
        if (!caller.MaySee(id))
        {
            return NotTheirs();
        }
        var policies = await ReadAsync(db, cancellationToken);
        return TypedResults.Ok(new RetentionChange(policies.Tenants.GetValueOrDefault(id, policies.RetentionDays)));
    }

    private static async Task<Results<Ok<RetentionPage>, ProblemHttpResult>> PutAsync(
        string id, RetentionChange change, Caller caller, CommandCenterDb db, OperatorAudit audit, CancellationToken cancellationToken)
    {
        if (!MayChange(caller, id))
        {
            return NotTheirs();
        }
        if (id.Length > EventLimits.TenantLength || id.Any(char.IsControl))
        {
            return Problems.Validation([new("id", $"must be a tenant's: at most {EventLimits.TenantLength} characters, without control characters")]);
        }
        if (change.RetentionDays is not (>= 1 and <= MostDays))
        {
            return Problems.Validation([new("retention_days", $"must be 1 to {MostDays}")]);
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var before = await OwnAsync(id, db, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into command_center.retention_policies values ({id}, {change.RetentionDays.Value})
            on conflict (tenant_id) do update set retention_days = excluded.retention_days
            """, cancellationToken);
        await RecordAsync(audit, db, "retention.set", id, before, change, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(await PageAsync(caller, db, "", EventLimits.MostNames, cancellationToken));
    }

    private static async Task<Results<Ok<RetentionPage>, ProblemHttpResult>> DeleteAsync(
        string id, Caller caller, CommandCenterDb db, OperatorAudit audit, CancellationToken cancellationToken)
    {
        if (!MayChange(caller, id))
        {
            return NotTheirs();
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await OwnAsync(id, db, cancellationToken) is { } before)
        {
            await db.RetentionPolicies.Where(policy => policy.TenantId == id).ExecuteDeleteAsync(cancellationToken);
            await RecordAsync(audit, db, "retention.reset", id, before, null, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        return TypedResults.Ok(await PageAsync(caller, db, "", EventLimits.MostNames, cancellationToken));
    }

    internal static async Task<RetentionPolicies> ReadAsync(CommandCenterDb db, CancellationToken cancellationToken) =>
        RetentionPolicies.Of(await db.RetentionPolicies.AsNoTracking().ToListAsync(cancellationToken));

    /// <summary>That another tenant exists is that tenant's affair.</summary>
    private static async Task<RetentionPage> PageAsync(
        Caller caller, CommandCenterDb db, string after, int most, CancellationToken cancellationToken)
    {
        // By bytes, whatever order the database has by itself: pages and cursors must agree on it.
        var rest = await db.RetentionPolicies.AsNoTracking()
            .Where(policy => policy.TenantId != RetentionPolicy.Global && (caller.TenantId == null || policy.TenantId == caller.TenantId))
            .Where(policy => string.Compare(EF.Functions.Collate(policy.TenantId, "C"), after) > 0)
            .OrderBy(policy => EF.Functions.Collate(policy.TenantId, "C")).Take(most + 1).ToListAsync(cancellationToken);
        var page = rest.Take(most).ToList();
        var ofAll = await OwnAsync(RetentionPolicy.Global, db, cancellationToken);
        return new(
            "ok", ofAll?.RetentionDays ?? RetentionPolicy.DefaultDays, page.ToDictionary(policy => policy.TenantId, policy => policy.RetentionDays, StringComparer.Ordinal),
            rest.Count > most ? NameCursor.Of(page[^1].TenantId) : null);
    }

    /// <summary>What is set for it, and not only in force.</summary>
    private static async Task<RetentionChange?> OwnAsync(string id, CommandCenterDb db, CancellationToken cancellationToken) =>
        await db.RetentionPolicies.AsNoTracking().SingleOrDefaultAsync(policy => policy.TenantId == id, cancellationToken) is { } policy
            ? new(policy.RetentionDays)
            : null;

    private static Task RecordAsync(
        OperatorAudit audit, CommandCenterDb db, string action, string id, RetentionChange? before, RetentionChange? after,
        CancellationToken cancellationToken) =>
        id == RetentionPolicy.Global
            ? audit.RecordAsync(db, action, "all tenants", tenant: null, before, after, EventsJson.Wire.RetentionChange, cancellationToken)
            : audit.RecordAsync(db, action, id, tenant: id, before, after, EventsJson.Wire.RetentionChange, cancellationToken);

    /// <summary>Who is confined to a tenant does not decide for all.</summary>
    private static bool MayChange(Caller caller, string id) => id == RetentionPolicy.Global ? caller.TenantId is null : caller.MaySee(id);

    private static ProblemHttpResult NotTheirs() => Problems.Forbidden("the policy is not of the caller's tenant.");
}
