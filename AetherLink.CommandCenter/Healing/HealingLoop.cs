using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Replaying;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Healing;

/// <summary>Holds the rules against the endpoints once a second, on one replica at a time.</summary>
internal sealed class HealingLoop(
    NpgsqlDataSource source, Replaying replaying, IEventWriter events, Deliveries.DeliveryEvents announce, DatabaseReady database, TimeProvider clock,
    ILogger<HealingLoop> logger) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Replays at once: a short transaction, and no burst onto a receiver that has just come back.</summary>
    private const int Step = 50;

    /// <summary>The lock of the one replica that heals: 'heal' in ASCII.</summary>
    private const long HealLock = 0x6865616c;

    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            await SweepAsync(stopping);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var rules = await RuleStore.EnabledAsync(connection, cancellationToken);
        if (rules.Count == 0)
        {
            return;
        }
        var endpoints = await EndpointStore.EnabledAsync(connection, cancellationToken);
        var memories = await RuleStore.MemoriesAsync(connection, cancellationToken);
        var now = Clock.GetUtcNow();
        foreach (var rule in rules)
        {
            foreach (var endpoint in endpoints)
            {
                if (HealingDecision.Decide(rule, endpoint, memories.GetValueOrDefault((rule.Id, endpoint.Id)), now) is { } step)
                {
                    await TakeAsync(rule, endpoint, step, now, connection, cancellationToken);
                }
            }
        }
    }

    private async Task TakeAsync(
        HealingRule rule, WebhookEndpoint endpoint, HealingStep step, DateTimeOffset now, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand($"select pg_try_advisory_xact_lock({HealLock:D})", connection))
        {
            if (await take.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return;
            }
        }
        var memory = new HealingMemory(now, now, 0);
        switch (step)
        {
            case HealingStep.CoolDown cool:
                await ExecuteAsync(
                    connection,
                    """
                    update command_center.webhook_endpoints set cooldown_until = greatest(cooldown_until, $2), cooldown_reason = $3 where id = $1
                    """, cancellationToken, endpoint.Id, cool.Until.UtcDateTime, $"Healing rule '{rule.Name}'.");
                break;
            case HealingStep.Disable:
                await ExecuteAsync(
                    connection, "update command_center.webhook_endpoints set enabled = false, disabled_reason = $2 where id = $1",
                    cancellationToken, endpoint.Id, $"Healing rule '{rule.Name}'.");
                await ExecuteAsync(connection, "update command_center.webhook_version set version = version + 1", cancellationToken);
                await events.WriteAsync(
                    [announce.Disabled(endpoint, endpoint.Health, $"Healing rule '{rule.Name}'.")], connection, transaction, cancellationToken);
                break;
            case HealingStep.Replay replay:
                var replayed = await ReplayAsync(rule, endpoint, replay, now, connection, transaction, cancellationToken);
                if (replayed == 0)
                {
                    return;
                }
                memory = replay.Before with { ActedAt = now, Replays = replay.Before.Replays + replayed };
                break;
        }
        await RuleStore.RememberAsync(rule.Id, endpoint.Id, memory, connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        replaying.Pulse();
        Log.Healed(_logger, rule.Name, rule.Action, endpoint.Url.Masked);
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
