using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.CommandCenter.Deliveries.Endpoints;

internal static class WebhooksApi
{
    /// <summary>For the receivers to take up the new secret in.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    public static void MapWebhooks(this RouteGroupBuilder alerts)
    {
        var webhooks = alerts.MapGroup("/webhooks").RequireAuthorization(Policies.Configure);
        webhooks.MapGet("", ListAsync).WithName("Webhooks").WithSummary("Where deliveries go.");
        webhooks.MapPost("", AddAsync).WithName("AddWebhook").WithSummary("Adds an endpoint; a secret that is made is shown this once.")
            .ProducesProblem(409);
        webhooks.MapGet("/{id:guid}", GetAsync).WithName("Webhook").WithSummary("One endpoint.").ProducesProblem(404);
        webhooks.MapPut("/{id:guid}", ChangeAsync).WithName("ChangeWebhook").WithSummary("Changes an endpoint; what is left out stays.")
            .ProducesProblem(404).ProducesProblem(409);
        webhooks.MapDelete("/{id:guid}", RemoveAsync).WithName("RemoveWebhook").WithSummary("Removes an endpoint; its history stays.")
            .ProducesProblem(404);
        webhooks.MapPost("/{id:guid}/test", TestAsync).WithName("TestWebhook").WithSummary("Sends a test, and says what came of it.")
            .ProducesProblem(404);
        webhooks.MapPost("/{id:guid}/rotate-secret", RotateAsync).WithName("RotateWebhookSecret")
            .WithSummary("A new secret; for a day both sign.").ProducesProblem(404);
    }

    private static async Task<Results<Ok<WebhookList>, ProblemHttpResult>> ListAsync(
        int? limit, string? cursor, Caller caller, EndpointStore store, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (page, before) = (check.Limit(limit), check.Before(cursor));
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        var endpoints = await store.BeforeAsync(before, caller.TenantId, page + 1, cancellationToken);
        var shown = endpoints.Take(page).ToList();
        return TypedResults.Ok(new WebhookList(
            "ok", shown.Count, endpoints.Count > page ? new Cursor(shown[^1].Sequence).ToString() : null, [.. shown.Select(WebhookView.Of)]));
    }

    private static async Task<Results<Created<WebhookMade>, ProblemHttpResult>> AddAsync(
        WebhookBody body, Caller caller, WebhookCheck check, EndpointStore store, SecretVault vault, CancellationToken cancellationToken)
    {
        var (endpoint, errors) = check.Read(body, before: null);
        if (endpoint is null)
        {
            return Problems.Validation(errors);
        }
        if (!caller.TryNarrow(body.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        var (added, refusal) = await store.AddAsync(endpoint with { TenantId = tenant }, cancellationToken);
        return added is null
            ? Problems.Conflict(refusal!)
            : TypedResults.Created(
                $"/alerts/webhooks/{added.Id}",
                new WebhookMade("ok", WebhookView.Of(added), body.Secret is null ? vault.Open(added.Secret, added.Id)?.Reveal() : null));
    }

    private static async Task<Results<Ok<WebhookView>, ProblemHttpResult>> GetAsync(
        Guid id, Caller caller, EndpointStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, caller.TenantId, cancellationToken) is { } endpoint
            ? TypedResults.Ok(WebhookView.Of(endpoint))
            : Unknown(id);

    private static async Task<Results<Ok<WebhookChanged>, ProblemHttpResult>> ChangeAsync(
        Guid id, WebhookBody body, Caller caller, WebhookCheck check, EndpointStore store, DispatchSignal signal,
        CancellationToken cancellationToken)
    {
        if (!caller.TryNarrow(body.TenantId, out _))
        {
            return QueryApi.ForeignTenant();
        }
        IReadOnlyList<FieldError> errors = [];
        var (isThere, refusal) = await store.ChangeAsync(
            id, caller.TenantId,
            before =>
            {
                (var endpoint, errors) = check.Read(body, before);
                return endpoint;
            }, cancellationToken);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }
        if (refusal is not null)
        {
            return Problems.Conflict(refusal);
        }
        if (!isThere || await store.FindAsync(id, caller.TenantId, cancellationToken) is not { } changed)
        {
            return Unknown(id);
        }
        signal.Pulse();
        return TypedResults.Ok(new WebhookChanged("ok", WebhookView.Of(changed)));
    }

    private static async Task<Results<Ok<WebhookRemoved>, ProblemHttpResult>> RemoveAsync(
        Guid id, Caller caller, EndpointStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, caller.TenantId, cancellationToken) is not null && await store.RemoveAsync(id, cancellationToken)
            ? TypedResults.Ok(new WebhookRemoved("ok", id))
            : Unknown(id);

    private static async Task<Results<Ok<WebhookTested>, ProblemHttpResult>> TestAsync(
        Guid id, Caller caller, EndpointStore store, Sending sending, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, caller.TenantId, cancellationToken) is not { } endpoint)
        {
            return Unknown(id);
        }
        var outcome = await sending.SendAsync(TestMessage.For(endpoint, caller.Name), cancellationToken);
        return TypedResults.Ok(new WebhookTested(outcome.IsSuccess ? "delivered" : "failed", id, AttemptView.Of(outcome)));
    }

    private static async Task<Results<Ok<SecretRotated>, ProblemHttpResult>> RotateAsync(
        Guid id, Caller caller, EndpointStore store, SecretVault vault, CancellationToken cancellationToken)
    {
        var secret = SigningSecret.Make();
        return await store.FindAsync(id, caller.TenantId, cancellationToken) is not null
            && await store.RotateAsync(id, vault.Seal(secret, id), Overlap, cancellationToken)
            && await store.FindAsync(id, caller.TenantId, cancellationToken) is { PreviousUntil: { } until }
            ? TypedResults.Ok(new SecretRotated("ok", id, secret.Reveal(), until))
            : Unknown(id);
    }

    private static ProblemHttpResult Unknown(Guid id) => Problems.NotFound($"Webhook '{id}' not found");
}
