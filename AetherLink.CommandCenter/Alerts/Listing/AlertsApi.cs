using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Alerts.Listing;

internal static class AlertsApi
{
    public static void MapListing(this RouteGroupBuilder alerts)
    {
        alerts.MapGet("", ListAsync).WithName("Alerts").WithSummary("The alerts, newest first, by filter and page.");
        alerts.MapPost("/{id}/ack", AcknowledgeAsync).WithName("AcknowledgeAlert").WithSummary("Takes an alert on.")
            .ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Results<Ok<AlertPage>, ProblemHttpResult>> ListAsync(
        string? state, string? severity, [FromQuery(Name = "tenant_id")] string? tenantId, [FromQuery(Name = "rule_id")] string? ruleId,
        int? limit, string? cursor, Caller caller, AlertStore store, CancellationToken cancellationToken)
    {
        var check = new AlertsCheck();
        var (most, before, asked) = (check.Limit(limit), check.Before(cursor), check.Text("tenant_id", tenantId));
        var filter = new AlertFilter(
            check.Words("state", state, AlertFilter.KnownStates), check.Severities(severity), null, check.Id("rule_id", ruleId));
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        if (!caller.TryNarrow(asked, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        var alerts = await store.ListAsync(filter with { TenantId = tenant }, before, most + 1, cancellationToken);
        var next = alerts.Count > most ? new Cursor(alerts[most - 1].Sequence).ToString() : null;
        return TypedResults.Ok(new AlertPage("ok", Math.Min(alerts.Count, most), next, [.. alerts.Take(most).Select(row => row.Alert)]));
    }

    private static async Task<Results<Ok<AlertAnswer>, ProblemHttpResult>> AcknowledgeAsync(
        string id, Caller caller, AlertStore store, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var alertId)
            || await store.AcknowledgeAsync(alertId, caller.TenantId, caller.Name, cancellationToken) is not { } known)
        {
            return Problems.NotFound($"Alert '{id}' not found");
        }
        return known.WasActive
            ? TypedResults.Ok(new AlertAnswer("ok", known.Alert))
            : Problems.Conflict($"Alert '{id}' was resolved at {known.Alert.ResolvedAt:O}.");
    }
}
