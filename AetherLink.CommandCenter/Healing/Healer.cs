using AetherLink.CommandCenter.Deliveries;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Replaying;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Operators;
using Npgsql;

namespace AetherLink.CommandCenter.Healing;

/// <summary>
/// Does what a rule wants of an endpoint. What made it want that was read before: under the lock it is read and decided again, since
/// another replica may have acted meanwhile, and a person may have changed the endpoint or the rule.
/// </summary>
internal sealed class Healer(
    NpgsqlDataSource source, Replaying replaying, IEventWriter events, DeliveryEvents announce, OperatorAudit audit,
    ILogger<Healer> logger)
{
    /// <summary>Replays at once: a short transaction, and no burst onto a receiver that has just come back.</summary>
    private const int Step = 50;

    /// <summary>The lock of the one replica that heals: 'heal' in ASCII.</summary>
    private const long HealLock = 0x6865616c;

    /// <summary>What the rule remembers of what it did, and what is told of it.</summary>
    private sealed record Done(HealingMemory Memory, EventDraft? News);

    /// <summary>Whether something was done.</summary>
    public async Task<bool> TakeAsync(HealingRule seenRule, WebhookEndpoint seenEndpoint, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand($"select pg_try_advisory_xact_lock({HealLock:D})", connection))
        {
            if (await take.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return false;
            }
        }
        if (seenRule.Action is HealingAction.Disable)
        {
            // Before the endpoint's row, as whoever changes an endpoint locks them.
            await ExecuteAsync(connection, "update command_center.webhook_version set version = version + 1", cancellationToken);
        }
        // A replay leaves the endpoint as it is, and must not keep its attempts from being recorded.
        var endpoint = await EndpointStore.EnabledAsync(
            connection, seenEndpoint.Id, forUpdate: seenRule.Action is not HealingAction.Replay, cancellationToken);
        var rule = await RuleStore.EnabledAsync(connection, seenRule.Id, cancellationToken);
        if (endpoint is null || rule is null || rule.Action != seenRule.Action)
        {
            return false;
        }
        var now = endpoint.ReadAt;
        var memory = await RuleStore.MemoryAsync(rule.Id, endpoint.Id, connection, cancellationToken);
        if (HealingDecision.Decide(rule, endpoint, memory, now) is not { } step
            || await DoAsync(rule, endpoint, step, now, connection, transaction, cancellationToken) is not { } after)
        {
            return false;
        }
        await RuleStore.RememberAsync(rule.Id, endpoint.Id, after.Memory, connection, cancellationToken);
        if (after.News is { } news)
        {
            // Last, since it takes the lock of all writers of events.
            await events.WriteAsync([news], connection, transaction, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        replaying.Pulse();
        Log.Healed(logger, rule.Name, rule.Action, endpoint.Url.Masked);
        return true;
    }

    /// <summary>Null when nothing was to be done.</summary>
    private async Task<Done?> DoAsync(
        HealingRule rule, WebhookEndpoint endpoint, HealingStep step, DateTimeOffset now, NpgsqlConnection connection, NpgsqlTransaction transaction,
        CancellationToken cancellationToken)
    {
        var reason = $"Healing rule '{rule.Name}'.";
        switch (step)
        {
            case HealingStep.CoolDown cool:
                await ExecuteAsync(
                    connection,
                    """
                    update command_center.webhook_endpoints set cooldown_until = greatest(cooldown_until, $2), cooldown_reason = $3 where id = $1
                    """, cancellationToken, endpoint.Id, cool.Until.UtcDateTime, reason);
                var cooling = new Cooldown(endpoint.Id, endpoint.Url.Masked, endpoint.TenantId, cool.Until, reason, endpoint.Health.Failures);
                await audit.RecordAsync(
                    connection, "endpoint_cooldown.started", endpoint.Id.ToString(), endpoint.TenantId, null, cooling, HealingJson.Wire.Cooldown,
                    cancellationToken);
                return new(new(now, now, 0), announce.CoolingDown(endpoint, cool.Until, reason));
            case HealingStep.Disable:
                await ExecuteAsync(
                    connection, "update command_center.webhook_endpoints set enabled = false, disabled_reason = $2 where id = $1",
                    cancellationToken, endpoint.Id, reason);
                await audit.RecordAsync(
                    connection, "webhook.disabled", endpoint.Id.ToString(), endpoint.TenantId, WebhookView.Of(endpoint),
                    WebhookView.Of(endpoint with { Enabled = false, DisabledReason = reason }), DeliveriesJson.Wire.WebhookView, cancellationToken);
                return new(new(now, now, 0), announce.Disabled(endpoint, endpoint.Health, reason));
            case HealingStep.Replay replay:
                var replayed = await ReplayAsync(rule, endpoint, replay, now, connection, transaction, cancellationToken);
                return replayed == 0
                    ? null
                    : new(replay.Before with { ActedAt = now, Replays = replay.Before.Replays + replayed }, News: null);
            default:
                return null;
        }
    }

    private async Task<int> ReplayAsync(
        HealingRule rule, WebhookEndpoint endpoint, HealingStep.Replay step, DateTimeOffset now, NpgsqlConnection connection, NpgsqlTransaction transaction,
        CancellationToken cancellationToken)
    {
        // Each once: a replay that is given up in its turn may be tried again as what it is, a delivery of its own.
        await using var command = new NpgsqlCommand(
            $"""
            select d.id, d.tenant_id from command_center.deliveries d
            where d.endpoint_id = $1 and d.status = 3 and d.triage = any ($2) and d.completed_at >= $3
                and not exists (select from command_center.deliveries r where r.original_id = d.id) and {Replaying.Eligible}
            order by d.id limit $4 for update of d
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = endpoint.Id });
        command.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. step.Labels.Select(label => (short)label)] });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = step.Since.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Math.Min(step.Most, Step) });
        var replays = new List<(Guid, Guid, string)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                replays.Add((reader.GetGuid(0), Guid.CreateVersion7(now), reader.GetString(1)));
            }
        }
        if (replays.Count > 0)
        {
            await replaying.WriteAsync(replays, $"healing rule '{rule.Name}'", job: null, connection, transaction, cancellationToken);
        }
        return replays.Count;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
