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
        retention.MapGet("", GetAsync).WithName("Retention").WithSummary("How long events are kept.");
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

    private static async Task<Results<Ok<RetentionPolicies>, ProblemHttpResult>> GetAsync(
        Caller caller, CommandCenterDb db, CancellationToken cancellationToken)
    {
        return TypedResults.Ok(await VisibleAsync(caller, db, cancellationToken));
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

    private static async Task<Results<Ok<RetentionPolicies>, ProblemHttpResult>> PutAsync(
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
        return TypedResults.Ok(await VisibleAsync(caller, db, cancellationToken));
    }

    private static async Task<Results<Ok<RetentionPolicies>, ProblemHttpResult>> DeleteAsync(
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
        return TypedResults.Ok(await VisibleAsync(caller, db, cancellationToken));
    }

    internal static async Task<RetentionPolicies> ReadAsync(CommandCenterDb db, CancellationToken cancellationToken) =>
        RetentionPolicies.Of(await db.RetentionPolicies.AsNoTracking().ToListAsync(cancellationToken));

    /// <summary>That another tenant exists is that tenant's affair.</summary>
    private static async Task<RetentionPolicies> VisibleAsync(Caller caller, CommandCenterDb db, CancellationToken cancellationToken)
    {
        var policies = await ReadAsync(db, cancellationToken);
        return policies with { Tenants = policies.Tenants.Where(policy => caller.MaySee(policy.Key)).ToDictionary(StringComparer.Ordinal) };
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
