using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Alerts.Ruling;

internal static class RulesApi
{
    public static void MapRules(this RouteGroupBuilder alerts)
    {
        var rules = alerts.MapGroup("/rules");
        rules.MapPost("", CreateAsync).WithName("CreateAlertRule").WithSummary("A rule; it counts what is in its window already.")
            .Accepts<RuleBody>("application/json").ProducesProblem(409);
        rules.MapGet("", ListAsync).WithName("AlertRules").WithSummary("The rules, newest first.");
        rules.MapGet("/{id}", GetAsync).WithName("AlertRule").WithSummary("One rule.").ProducesProblem(404);
        rules.MapPut("/{id}", ReplaceAsync).WithName("ReplaceAlertRule")
            .WithSummary("Replaces a rule; what is in its window is counted again.")
            .Accepts<RuleBody>("application/json").ProducesProblem(404).ProducesProblem(409);
        rules.MapPatch("/{id}/enabled", EnableAsync).WithName("EnableAlertRule")
            .WithSummary("Switches a rule on or off; off resolves its alerts.")
            .Accepts<EnabledBody>("application/json").ProducesProblem(404);
        rules.MapDelete("/{id}", DeleteAsync).WithName("DeleteAlertRule").WithSummary("Deletes a rule, and resolves its alerts.")
            .ProducesProblem(404);
    }

    internal static async Task<Results<Ok<RuleAnswer>, ProblemHttpResult>> CreateAsync(
        JsonBody body, Caller caller, RuleStore store, SchemaRegistry schemas, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (rule, errors) = RuleReader.Read(body.Root, caller.Name, clock.GetUtcNow(), (await schemas.RefreshAsync(cancellationToken)).Knows);
        return rule is null ? Problems.Validation(errors) : await AddAsync(rule, caller, store, cancellationToken);
    }

    internal static async Task<Results<Ok<RuleAnswer>, ProblemHttpResult>> AddAsync(
        AlertRule rule, Caller caller, RuleStore store, CancellationToken cancellationToken)
    {
        if (!caller.TryNarrow(rule.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        rule = rule with { TenantId = tenant };
        try
        {
            await store.AddAsync(rule, cancellationToken);
            return Answer(rule);
        }
        catch (TooManyRulesException full)
        {
            return Problems.Conflict(full.Message);
        }
    }

    private static async Task<Results<Ok<RulePage>, ProblemHttpResult>> ListAsync(
        int? limit, string? cursor, [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, RuleStore store,
        CancellationToken cancellationToken)
    {
        var check = new AlertsCheck();
        var (most, before, asked) = (check.Limit(limit), check.BeforeId(cursor), check.Text("tenant_id", tenantId));
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        if (!caller.TryNarrow(asked, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        var rules = await store.ListAsync(tenant, before, most + 1, cancellationToken);
        var page = rules.Take(most).ToList();
        return TypedResults.Ok(new RulePage("ok", page.Count, rules.Count > most ? page[^1].RuleId.ToString("N") : null, page));
    }

    private static async Task<Results<Ok<RuleAnswer>, ProblemHttpResult>> GetAsync(
        string id, Caller caller, RuleStore store, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var ruleId) && await store.FindAsync(ruleId, caller.TenantId, cancellationToken) is { } rule
            ? Answer(rule)
            : NotFound(id);

    private static async Task<Results<Ok<RuleAnswer>, ProblemHttpResult>> ReplaceAsync(
        string id, JsonBody body, Caller caller, RuleStore store, SchemaRegistry schemas, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (rule, errors) = RuleReader.Read(body.Root, caller.Name, clock.GetUtcNow(), (await schemas.RefreshAsync(cancellationToken)).Knows);
        if (rule is null)
        {
            return Problems.Validation(errors);
        }
        if (!caller.TryNarrow(rule.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        return await UpdateAsync(id, caller, store, old => rule with
        {
            RuleId = old.RuleId,
            TenantId = tenant,
            TemplateId = old.TemplateId,
            CreatedBy = old.CreatedBy,
            CreatedAt = old.CreatedAt,
            Overflowed = old.Overflowed,
        }, cancellationToken);
    }

    private static async Task<Results<Ok<RuleAnswer>, ProblemHttpResult>> EnableAsync(
        string id, JsonBody body, Caller caller, RuleStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var fields = new BodyReader(body.Root);
        var enabled = fields.Flag("enabled", required: true);
        return enabled is null
            ? Problems.Validation(fields.Errors)
            : await UpdateAsync(id, caller, store, old => old with
            {
                Enabled = enabled.Value,
                UpdatedBy = caller.Name,
                UpdatedAt = clock.GetUtcNow(),
            }, cancellationToken);
    }

    private static async Task<Results<Ok<Deleted>, ProblemHttpResult>> DeleteAsync(
        string id, Caller caller, RuleStore store, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var ruleId) && await store.DeleteAsync(ruleId, caller.TenantId, cancellationToken)
            ? TypedResults.Ok(new Deleted("ok", id))
            : NotFound(id);

    private static async Task<Results<Ok<RuleAnswer>, ProblemHttpResult>> UpdateAsync(
        string id, Caller caller, RuleStore store, Func<AlertRule, AlertRule> change, CancellationToken cancellationToken)
    {
        try
        {
            return Guid.TryParse(id, out var ruleId)
                && await store.UpdateAsync(ruleId, caller.TenantId, change, cancellationToken) is { } rule
                ? Answer(rule)
                : NotFound(id);
        }
        catch (TooManyRulesException full)
        {
            return Problems.Conflict(full.Message);
        }
    }

    private static Ok<RuleAnswer> Answer(AlertRule rule) => TypedResults.Ok(new RuleAnswer("ok", rule.RuleId, rule));

    private static ProblemHttpResult NotFound(string id) => Problems.NotFound($"Rule '{id}' not found");
}
