using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Events;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>Brings the health of endpoints that fail up to date with their attempts. The rows decide, since several replicas send.</summary>
internal sealed class EndpointHealthRecord(DeliveryEvents announce, ILogger<EndpointHealthRecord> logger)
{
    private const string Failed =
        """
        update command_center.webhook_endpoints
        set failures = $2, failing_since = $3, warnings = $4, warned_at = $5, cooldown_until = $6, cooldown_reason = $7, last_triage = $8,
            last_failure_at = $9, last_success_at = greatest(last_success_at, $11), enabled = enabled and $10 is null,
            disabled_reason = case when enabled then $10 else disabled_reason end
        where id = $1
        """;

    /// <summary>Locks the rows of endpoints, in one order for all replicas, against deadlocks.</summary>
    public static NpgsqlBatchCommand Lock(Guid[] ids) => new(
        $"""
        select {EndpointStore.Columns} from command_center.webhook_endpoints
        where id = any ($1) and deleted_at is null order by id for update
        """)
    { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = ids } } };

    /// <summary>What attempts, in the order in which they ended, made of endpoints. The answer are the events that tell of it.</summary>
    public List<EventDraft> AddTo(NpgsqlBatch batch, IReadOnlyList<WebhookEndpoint> rows, IReadOnlyList<Attempt> attempts)
    {
        var news = new List<EventDraft>();
        foreach (var row in rows)
        {
            var mine = attempts.Where(attempt => attempt.Claim.Endpoint == row.Id).ToList();
            if (mine.Exists(attempt => !attempt.Outcome.IsSuccess))
            {
                AddTo(batch, row, mine, news);
            }
        }
        return news;
    }

    private void AddTo(NpgsqlBatch batch, WebhookEndpoint endpoint, IReadOnlyList<Attempt> attempts, List<EventDraft> news)
    {
        var health = endpoint.Health;
        Attempt? last = null;
        DateTimeOffset? succeeded = null;
        string? disabled = null;
        foreach (var attempt in attempts)
        {
            if (attempt.Outcome.IsSuccess)
            {
                succeeded = attempt.Outcome.StartedAt + attempt.Outcome.Duration;
                health = EndpointHealth.Well with { CooldownUntil = health.CooldownUntil, CooldownReason = health.CooldownReason };
                continue;
            }
            last = attempt;
            if (attempt.Outcome.Error is AttemptError.Unsigned)
            {
                // It was never asked: the fault is ours, and no reason to give the receiver up.
                continue;
            }
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
            batch.BatchCommands.Add(new("update command_center.webhook_version set version = version + 1"));
        }
        var command = new NpgsqlBatchCommand(Failed);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = endpoint.Id });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = health.Failures });
        command.Parameters.Add(Time(health.FailingSince));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = health.Warnings });
        command.Parameters.Add(Time(health.WarnedAt));
        command.Parameters.Add(Time(health.CooldownUntil));
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = health.CooldownReason, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)(last?.Outcome.Triage?.Label ?? TriageLabel.Unknown) });
        command.Parameters.Add(Time(last?.Outcome.StartedAt));
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = disabled, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(Time(succeeded));
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<DateTime?> Time(DateTimeOffset? time) =>
        new() { TypedValue = time?.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
