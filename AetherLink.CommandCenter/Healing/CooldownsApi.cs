using AetherLink.CommandCenter.Deliveries;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.CommandCenter.Operators;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Healing;

/// <summary>An endpoint that is left alone for a time.</summary>
internal sealed record Cooldown(Guid EndpointId, string EndpointUrl, string? TenantId, DateTimeOffset Until, string? Reason, int Failures);

internal sealed record CooldownList(string Status, int Count, string? NextCursor, IReadOnlyList<Cooldown> Cooldowns);

/// <summary>Which endpoint: its URL, whole or masked as it is shown, or its id.</summary>
internal sealed record ClearCooldownBody(string? EndpointUrl, string? Endpoint);

internal sealed record CooldownCleared(string Status, string EndpointUrl, DateTimeOffset ClearedAt);

internal static class CooldownsApi
{
    public static void MapCooldowns(this RouteGroupBuilder healing)
    {
        healing.MapGet("/cooldowns", ListAsync).RequireAuthorization(Policies.ViewOps).WithName("Cooldowns")
            .WithSummary("Endpoints that are cooling down, until when and why; the newest endpoints first.");
        healing.MapPost("/clear_endpoint_cooldown", ClearAsync).RequireAuthorization(Policies.Configure).WithName("ClearEndpointCooldown")
            .WithSummary("Ends an endpoint's cooldown.").ProducesProblem(404);
    }

    private static async Task<Results<Ok<CooldownList>, ProblemHttpResult>> ListAsync(
        int? limit, string? cursor, Caller caller, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (most, before) = (check.Limit(limit), check.Before(cursor));
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var cooling = await CoolingAsync(connection, caller.TenantId, before, $"order by seq desc limit {most + 1:D}", cancellationToken);
        var page = cooling.Take(most).ToList();
        return TypedResults.Ok(new CooldownList(
            "ok", page.Count, cooling.Count > most ? new Cursor(page[^1].Sequence).ToString() : null, [.. page.Select(Shown)]));
    }

    private static async Task<Results<Ok<CooldownCleared>, ProblemHttpResult>> ClearAsync(
        ClearCooldownBody body, Caller caller, NpgsqlDataSource source, OperatorAudit audit, IEventWriter events, DeliveryEvents announce,
        CommitSignal committed, DispatchSignal signal, TimeProvider clock, CancellationToken cancellationToken)
    {
        if ((body.EndpointUrl ?? body.Endpoint) is not { Length: > 0 and <= EndpointUrl.Longest } asked || asked.Any(char.IsControl))
        {
            return Problems.Validation([new("endpoint_url", $"is required: 1 to {EndpointUrl.Longest} characters, without control characters")]);
        }
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var cooling = (await CoolingAsync(connection, caller.TenantId, long.MaxValue, "order by id for update", cancellationToken))
            .FindAll(endpoint => asked == endpoint.Url.Reveal() || asked == endpoint.Url.Masked || asked == endpoint.Id.ToString()
                || (EndpointUrl.TryParse(asked, out var url) && url.Reveal() == endpoint.Url.Reveal()));
        if (cooling.Count == 0)
        {
            return Problems.NotFound("No endpoint of that URL is cooling down: not found");
        }
        // The failures too: otherwise the next one would put it back at once for as long as before.
        await using (var command = new NpgsqlCommand(
            "update command_center.webhook_endpoints set cooldown_until = null, cooldown_reason = null, failures = 0 where id = any ($1)", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. cooling.Select(endpoint => endpoint.Id)] });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        foreach (var endpoint in cooling)
        {
            await audit.RecordAsync(
                connection, "endpoint_cooldown.cleared", endpoint.Id.ToString(), endpoint.TenantId, Shown(endpoint), null, HealingJson.Wire.Cooldown,
                cancellationToken);
        }
        await events.WriteAsync([.. cooling.Select(endpoint => announce.CooldownCleared(endpoint, caller.Name))], connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        committed.Pulse();
        signal.Pulse();
        return TypedResults.Ok(new CooldownCleared("cleared", cooling[0].Url.Masked, clock.GetUtcNow()));
    }

    private static Cooldown Shown(WebhookEndpoint endpoint) => new(
        endpoint.Id, endpoint.Url.Masked, endpoint.TenantId, endpoint.Health.CooldownUntil!.Value, endpoint.Health.CooldownReason, endpoint.Health.Failures);

    private static async Task<List<WebhookEndpoint>> CoolingAsync(
        NpgsqlConnection connection, string? tenant, long before, string more, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {EndpointStore.Columns} from command_center.webhook_endpoints
            where cooldown_until > now() and deleted_at is null and ($1 is null or tenant_id = $1) and seq < $2 {more}
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        return await EndpointStore.ReadAsync(command, cancellationToken);
    }
}
