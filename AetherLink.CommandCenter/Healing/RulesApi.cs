using System.Text.Json;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Mesh;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.CommandCenter.Healing;

/// <summary>The rules, and what AutoHeal says of how it heals containers; null while it does not answer.</summary>
internal sealed record HealingRules(string Status, int Count, IReadOnlyList<HealingRule> Rules, JsonElement? ContainerHealing);

internal sealed record HealingRuleSaved(string Status, HealingRule Rule);

internal sealed record HealingRuleRemoved(string Status, Guid Id);

internal static class RulesApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapRules(this RouteGroupBuilder healing)
    {
        healing.MapGet("/rules", ListAsync).RequireAuthorization(Policies.ViewOps).WithName("HealingRules")
            .WithSummary("The rules that heal deliveries, and how containers are healed.");
        healing.MapPost("/rules", AddAsync).RequireAuthorization(Policies.Configure).WithName("AddHealingRule")
            .WithSummary("Adds a rule.").ProducesProblem(409);
        healing.MapPut("/rules/{id:guid}", ChangeAsync).RequireAuthorization(Policies.Configure).WithName("ChangeHealingRule")
            .WithSummary("Puts another rule in its place.").ProducesProblem(404).ProducesProblem(409);
        healing.MapDelete("/rules/{id:guid}", RemoveAsync).RequireAuthorization(Policies.Configure).WithName("RemoveHealingRule")
            .WithSummary("Removes a rule.").ProducesProblem(404);
    }

    private static async Task<Ok<HealingRules>> ListAsync(
        Caller caller, RuleStore store, IHttpClientFactory clients, ILogger<RuleStore> logger, CancellationToken cancellationToken)
    {
        var containers = ContainersAsync(clients, logger, cancellationToken);
        var rules = await store.ListAsync(caller.TenantId, cancellationToken);
        return TypedResults.Ok(new HealingRules("ok", rules.Count, rules.ConvertAll(rule => rule.Masked()), await containers));
    }

    private static async Task<Results<Created<HealingRuleSaved>, ProblemHttpResult>> AddAsync(
        HealingRuleBody body, Caller caller, RuleStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (rule, errors) = RuleCheck.Read(body, Guid.CreateVersion7(), caller.Name, clock.GetUtcNow());
        if (rule is null)
        {
            return Problems.Validation(errors);
        }
        if (!caller.TryNarrow(body.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        return await store.SaveAsync(rule with { TenantId = tenant }, cancellationToken) is { } saved
            ? TypedResults.Created($"/autoheal/rules/{saved.Id}", new HealingRuleSaved("ok", saved.Masked()))
            : Full();
    }

    private static async Task<Results<Ok<HealingRuleSaved>, ProblemHttpResult>> ChangeAsync(
        Guid id, HealingRuleBody body, Caller caller, RuleStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (rule, errors) = RuleCheck.Read(body, id, caller.Name, clock.GetUtcNow());
        if (rule is null)
        {
            return Problems.Validation(errors);
        }
        if (!caller.TryNarrow(body.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        if (await store.FindAsync(id, caller.TenantId, cancellationToken) is not { } before)
        {
            return Problems.NotFound($"Rule '{id}' not found");
        }
        return await store.SaveAsync(rule.InPlaceOf(before) with { TenantId = tenant }, cancellationToken) is { } saved
            ? TypedResults.Ok(new HealingRuleSaved("ok", saved.Masked()))
            : Full();
    }

    private static ProblemHttpResult Full() => Problems.Conflict(
        $"There are {RuleStore.OfATenant} rules of the tenant already, or {RuleStore.InAll} in all, as many as there may be.");

    private static async Task<Results<Ok<HealingRuleRemoved>, ProblemHttpResult>> RemoveAsync(
        Guid id, Caller caller, RuleStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, caller.TenantId, cancellationToken) is not null && await store.RemoveAsync(id, cancellationToken)
            ? TypedResults.Ok(new HealingRuleRemoved("ok", id))
            : Problems.NotFound($"Rule '{id}' not found");

    /// <summary>The limits in force, as AutoHeal shows them. The rules are shown without it.</summary>
    private static async Task<JsonElement?> ContainersAsync(IHttpClientFactory clients, ILogger logger, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient(HealingApi.AutoHeal);
            return await client.GetFromJsonAsync<JsonElement>("autoheal/status", patience.Token);
        }
        catch (Exception away) when (!cancellationToken.IsCancellationRequested)
        {
            Log.AutoHealIsAway(logger, away.Message);
            return null;
        }
    }
}
