using AetherLink.CommandCenter.Alerts.Ruling;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.CommandCenter.Operators;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AetherLink.CommandCenter.Alerts.Templating;

internal static class TemplatesApi
{
    public static void MapTemplating(this RouteGroupBuilder alerts)
    {
        var templates = alerts.MapGroup("/templates");
        templates.MapGet("", ListAsync).WithName("AlertTemplates").WithSummary("Rule templates: those that ship, and one's own.");
        templates.MapGet("/{id}", GetAsync).WithName("AlertTemplate").WithSummary("One template.").ProducesProblem(404);
        templates.MapPost("", CreateAsync).WithName("CreateAlertTemplate").WithSummary("A template of one's own.")
            .Accepts<TemplateBody>("application/json").ProducesProblem(409);
        templates.MapPut("/{id}", ReplaceAsync).WithName("ReplaceAlertTemplate").WithSummary("Replaces a template of one's own.")
            .Accepts<TemplateBody>("application/json").ProducesProblem(404).ProducesProblem(409);
        templates.MapDelete("/{id}", DeleteAsync).WithName("DeleteAlertTemplate")
            .WithSummary("Deletes a template of one's own; rules made from it stay.").ProducesProblem(404).ProducesProblem(409);
        templates.MapPost("/{id}/materialize", MaterializeAsync).WithName("MaterializeAlertTemplate")
            .WithSummary("Makes a rule from a template, with what the caller wants otherwise.")
            .Accepts<Overrides>(isOptional: true, "application/json").ProducesProblem(404)
            .ProducesProblem(409);
    }

    private static async Task<Results<Ok<TemplateList>, ProblemHttpResult>> ListAsync(
        int? limit, string? cursor, Caller caller, CommandCenterDb db, CancellationToken cancellationToken)
    {
        var check = new AlertsCheck();
        var (most, cut) = (check.Limit(limit), check.BeforeId(cursor));
        var before = cut?.ToString();
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        var rows = await Visible(db, caller)
            .Where(row => before == null || string.Compare(row.TemplateId, before) < 0)
            .OrderByDescending(row => row.TemplateId).Take(most + 1).ToListAsync(cancellationToken);
        // One's own, newest first, and behind them those that ship, as if they were older than any.
        var all = rows.Select(row => (Place: Guid.Parse(row.TemplateId), Template: Template.Of(row)))
            .Concat(ShippedTemplates.Placed.Where(one => cut is null || one.Place < cut)).ToList();
        Template[] page = [.. all.Take(most).Select(one => one.Template)];
        return TypedResults.Ok(new TemplateList("ok", page.Length, all.Count > most ? all[most - 1].Place.ToString("N") : null, page));
    }

    private static async Task<Results<Ok<TemplateAnswer>, ProblemHttpResult>> GetAsync(
        string id, Caller caller, CommandCenterDb db, CancellationToken cancellationToken) =>
        await FindAsync(id, caller, db, cancellationToken) is { } template ? Answer(template) : NotFound(id);

    private static async Task<Results<Ok<TemplateAnswer>, ProblemHttpResult>> CreateAsync(
        JsonBody body, Caller caller, CommandCenterDb db, OperatorAudit audit, SchemaRegistry schemas, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (row, errors) = TemplateReader.Read(body.Root, caller.Name, clock.GetUtcNow(), (await schemas.RefreshAsync(cancellationToken)).Knows);
        if (row is null)
        {
            return Problems.Validation(errors);
        }
        if (!caller.TryNarrow(row.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        if (await IsFullAsync(db, tenant, cancellationToken))
        {
            return Full();
        }
        row = row with { TenantId = tenant };
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.AlertTemplates.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await RecordAsync(audit, db, "alert_template.created", null, row, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Answer(Template.Of(row));
    }

    private static async Task<Results<Ok<TemplateAnswer>, ProblemHttpResult>> ReplaceAsync(
        string id, JsonBody body, Caller caller, CommandCenterDb db, OperatorAudit audit, SchemaRegistry schemas, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (ShippedTemplates.Find(id) is not null)
        {
            return ReadOnly(id);
        }
        var (row, errors) = TemplateReader.Read(body.Root, caller.Name, clock.GetUtcNow(), (await schemas.RefreshAsync(cancellationToken)).Knows);
        if (row is null)
        {
            return Problems.Validation(errors);
        }
        if (!caller.TryNarrow(row.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        if (await FindRowAsync(id, Own(db, caller), cancellationToken) is not { } old)
        {
            return NotFound(id);
        }
        if (tenant != old.TenantId && await IsFullAsync(db, tenant, cancellationToken))
        {
            return Full();
        }
        var changed = row with { TemplateId = old.TemplateId, TenantId = tenant, CreatedBy = old.CreatedBy, CreatedAt = old.CreatedAt };
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var rows = await Own(db, caller).Where(template => template.TemplateId == old.TemplateId).ExecuteUpdateAsync(
            set => set.SetProperty(template => template.TenantId, tenant)
                .SetProperty(template => template.Name, changed.Name)
                .SetProperty(template => template.Description, changed.Description)
                .SetProperty(template => template.Rule, changed.Rule)
                .SetProperty(template => template.UpdatedBy, changed.UpdatedBy)
                .SetProperty(template => template.UpdatedAt, changed.UpdatedAt),
            cancellationToken);
        if (rows == 0)
        {
            return NotFound(id);
        }
        await RecordAsync(audit, db, "alert_template.changed", old, changed, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Answer(Template.Of(changed));
    }

    private static async Task<Results<Ok<Deleted>, ProblemHttpResult>> DeleteAsync(
        string id, Caller caller, CommandCenterDb db, OperatorAudit audit, CancellationToken cancellationToken)
    {
        if (ShippedTemplates.Find(id) is not null)
        {
            return ReadOnly(id);
        }
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await FindRowAsync(id, Own(db, caller), cancellationToken) is not { } row
            || await Own(db, caller).Where(template => template.TemplateId == row.TemplateId).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return NotFound(id);
        }
        await RecordAsync(audit, db, "alert_template.deleted", row, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(new Deleted("ok", id));
    }

    private static async Task<Results<Ok<RuleAnswer>, ProblemHttpResult>> MaterializeAsync(
        string id, JsonBody? body, Caller caller, CommandCenterDb db, RuleStore rules, SchemaRegistry schemas, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (await FindAsync(id, caller, db, cancellationToken) is not { } template)
        {
            return NotFound(id);
        }
        var (rule, errors) = TemplateReader.Materialize(template, body?.Root, caller.Name, clock.GetUtcNow(), (await schemas.RefreshAsync(cancellationToken)).Knows);
        return rule is null ? Problems.Validation(errors) : await RulesApi.AddAsync(rule, caller, rules, cancellationToken);
    }

    private static async Task<Template?> FindAsync(string id, Caller caller, CommandCenterDb db, CancellationToken cancellationToken) =>
        ShippedTemplates.Find(id) is { } shipped ? shipped
        : await FindRowAsync(id, Visible(db, caller), cancellationToken) is { } row ? Template.Of(row)
        : null;

    private static async Task<TemplateRow?> FindRowAsync(string id, IQueryable<TemplateRow> among, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var own) ? await among.SingleOrDefaultAsync(row => row.TemplateId == own.ToString(), cancellationToken) : null;

    private static async Task<bool> IsFullAsync(CommandCenterDb db, string? tenant, CancellationToken cancellationToken) =>
        await db.AlertTemplates.CountAsync(other => other.TenantId == tenant, cancellationToken) >= AlertLimits.TemplatesOfATenant;

    private static ProblemHttpResult Full() => Problems.Conflict($"There are {AlertLimits.TemplatesOfATenant} templates, which is the most.");

    private static Task RecordAsync(
        OperatorAudit audit, CommandCenterDb db, string action, TemplateRow? before, TemplateRow? after, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            (NpgsqlConnection)db.Database.GetDbConnection(), action, (after ?? before)!.TemplateId, before?.TenantId, after?.TenantId,
            before is null ? null : Template.Of(before), after is null ? null : Template.Of(after), AlertsJson.Wire.Template, cancellationToken);

    /// <summary>Those that are everybody's are there for everybody to make rules of.</summary>
    private static IQueryable<TemplateRow> Visible(CommandCenterDb db, Caller caller) =>
        db.AlertTemplates.AsNoTracking().Where(row => caller.TenantId == null || row.TenantId == caller.TenantId || row.TenantId == null);

    /// <summary>What the caller may change.</summary>
    private static IQueryable<TemplateRow> Own(CommandCenterDb db, Caller caller) =>
        db.AlertTemplates.AsNoTracking().Where(row => caller.TenantId == null || row.TenantId == caller.TenantId);

    private static Ok<TemplateAnswer> Answer(Template template) =>
        TypedResults.Ok(new TemplateAnswer("ok", template.TemplateId, template));

    private static ProblemHttpResult ReadOnly(string id) =>
        Problems.Conflict($"Template '{id}' ships with the product and is read-only: make one of your own.");

    private static ProblemHttpResult NotFound(string id) => Problems.NotFound($"Template '{id}' not found");
}
