using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Events;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>Brings the endpoints' health up to date with their attempts. The rows decide, since several replicas send.</summary>
internal sealed class EndpointHealthRecord(DeliveryEvents announce, ILogger<EndpointHealthRecord> logger)
{
    // A well endpoint's row is touched once a second at most: its successes are many.
    private const string Succeeded =
        """
        update command_center.webhook_endpoints e
        set failures = 0, failing_since = null, warnings = 0, last_success_at = now(),
            cooldown_until = case when cooldown_until > now() then cooldown_until end,
            cooldown_reason = case when cooldown_until > now() then cooldown_reason end
        from (select id from command_center.webhook_endpoints where id = any ($1) order by id for update) mine
        where e.id = mine.id and (e.failures > 0 or e.last_success_at is null or e.last_success_at < now() - interval '1 s')
        """;

    private const string Failed =
        """
        update command_center.webhook_endpoints
        set failures = $2, failing_since = $3, warnings = $4, cooldown_until = $5, cooldown_reason = $6, last_triage = $7,
            last_failure_at = $8, enabled = enabled and $9 is null,
            disabled_reason = case when enabled then $9 else disabled_reason end
        where id = $1
        """;

    /// <summary>The events that tell of it.</summary>
    public async Task<List<EventDraft>> WriteAsync(NpgsqlConnection connection, IReadOnlyList<Attempt> attempts, CancellationToken cancellationToken)
    {
        var news = new List<EventDraft>();
        // An endpoint's attempts in the order in which they ended; endpoints in one order for all replicas, against deadlocks.
        var failing = new List<IGrouping<Guid, Attempt>>();
        var well = new List<Guid>();
        foreach (var endpoint in attempts.GroupBy(attempt => attempt.Claim.Endpoint))
        {
            if (endpoint.Any(attempt => !attempt.Outcome.IsSuccess))
            {
                failing.Add(endpoint);
            }
            else
            {
                well.Add(endpoint.Key);
            }
        }
        if (well.Count > 0)
        {
            await using var command = new NpgsqlCommand(Succeeded, connection);
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. well] });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        if (failing.Count == 0)
        {
            return news;
        }
        var rows = await LockAsync(connection, [.. failing.Select(endpoint => endpoint.Key)], cancellationToken);
        foreach (var endpoint in failing)
        {
            if (rows.Find(row => row.Id == endpoint.Key) is { } row)
            {
                await WriteAsync(connection, row, endpoint, news, cancellationToken);
            }
        }
        return news;
    }

    private async Task WriteAsync(
        NpgsqlConnection connection, WebhookEndpoint endpoint, IEnumerable<Attempt> attempts, List<EventDraft> news, CancellationToken cancellationToken)
    {
        var health = endpoint.Health;
        Attempt? last = null;
        string? disabled = null;
        foreach (var attempt in attempts)
        {
            if (attempt.Outcome.IsSuccess)
            {
                health = EndpointHealth.Well with { CooldownUntil = health.CooldownUntil, CooldownReason = health.CooldownReason };
                continue;
            }
            last = attempt;
            (health, var what) = health.AfterFailure(
                attempt.Outcome.StartedAt + attempt.Outcome.Duration, attempt.Outcome.IsGone, attempt.Outcome.RetryAfter);
            disabled ??= what switch
            {
                HealthNews.Gone => "The receiver answered 410: it is gone.",
                HealthNews.Disabled => "It failed for five days.",
                _ => null,
            };
            if (what is HealthNews.Warned)
            {
                news.Add(announce.Warned(endpoint, health));
            }
        }
        if (disabled is not null && endpoint.Enabled)
        {
            Log.EndpointDisabled(logger, endpoint.Id, endpoint.Url.Masked, disabled);
            news.Add(announce.Disabled(endpoint, health, disabled));
            await using var changed = new NpgsqlCommand("update command_center.webhook_version set version = version + 1", connection);
            await changed.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var command = new NpgsqlCommand(Failed, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = endpoint.Id });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = health.Failures });
        command.Parameters.Add(Time(health.FailingSince));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = health.Warnings });
        command.Parameters.Add(Time(health.CooldownUntil));
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = health.CooldownReason, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)(last?.Outcome.Triage?.Label ?? TriageLabel.Unknown) });
        command.Parameters.Add(Time(last?.Outcome.StartedAt));
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = disabled, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter<DateTime?> Time(DateTimeOffset? time) =>
        new() { TypedValue = time?.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static async Task<List<WebhookEndpoint>> LockAsync(NpgsqlConnection connection, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {EndpointStore.Columns} from command_center.webhook_endpoints
            where id = any ($1) and deleted_at is null order by id for update
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        return await EndpointStore.ReadAsync(command, cancellationToken);
    }
}
