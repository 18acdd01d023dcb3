using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>Writes what attempts came to: the attempt, the delivery, the queue, the counts, the endpoint's health, and the events.</summary>
internal sealed class AttemptRecord(
    NpgsqlDataSource source, IEventWriter events, CommitSignal committed, EndpointHealthRecord health, DeliveryEvents announce)
{
    private enum Fate : short
    {
        Delivered = 0,
        Again = 1,
        GivenUp = 2,

        /// <summary>It was cut off by the stop of this service, and counts for nothing.</summary>
        Released = 3,
    }

    // What somebody else has claimed since keeps its newer state: of such an attempt only the attempt itself is written. A well
    // endpoint's row is touched once a second at most: its successes are many.
    private const string Sql =
        """
        with r as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as t (
                id, fence, fate, delay, started_at, duration_ms, http_status, error, triage, detail, head, endpoint, is_well, cause)
        ), held as materialized (
            select r.* from command_center.delivery_queue q join r on r.id = q.delivery_id and r.fence = q.fence
            for update of q
        ), done as (
            delete from command_center.delivery_queue q using held
            where q.delivery_id = held.id and held.fate in (0, 2)
        ), again as (
            update command_center.delivery_queue q
            set due_at = clock_timestamp() + held.delay, lease_until = null, holder = null, failed = q.failed + (held.fate = 1)::int
            from held where q.delivery_id = held.id and held.fate in (1, 3)
        ), attempts as (
            insert into command_center.delivery_attempts
                (delivery_id, number, started_at, duration_ms, http_status, error, triage, detail, response_head, lease_lost, cause)
            select id, fence, started_at, duration_ms, http_status, error, triage, detail, head,
                   id not in (select id from held), cause
            from r where fate <> 3
            on conflict do nothing
        ), moved as (
            update command_center.deliveries d
            set status = case r.fate when 0 then 1 when 1 then 2 else 3 end, error = r.error, triage = r.triage,
                cause = r.cause, http_status = r.http_status, attempts = d.attempts + 1,
                completed_at = case when r.fate in (0, 2) then clock_timestamp() end
            from held r where d.id = r.id and r.fate <> 3
            returning d.tenant_id, d.endpoint_id, d.original_id is not null as is_replay, r.fate, coalesce(r.triage, -1) as triage
        ), counted as (
            insert into command_center.delivery_counts as c (hour, tenant_id, outcome, triage, attempts)
            select date_trunc('hour', now(), 'UTC'), tenant_id, fate, triage, count(*) from moved group by 2, 3, 4 order by 2, 3, 4
            on conflict (hour, tenant_id, outcome, triage) do update set attempts = c.attempts + excluded.attempts
        ), counted_by_endpoint as (
            insert into command_center.endpoint_counts as c (hour, endpoint_id, tenant_id, delivered, failed, given_up, replays_delivered, replays_given_up)
            select date_trunc('hour', now(), 'UTC'), endpoint_id, tenant_id, count(*) filter (where fate = 0), count(*) filter (where fate <> 0),
                count(*) filter (where fate = 2), count(*) filter (where is_replay and fate = 0), count(*) filter (where is_replay and fate = 2)
            from moved group by 2, 3 order by 2, 3
            on conflict (hour, endpoint_id, tenant_id) do update set
                delivered = c.delivered + excluded.delivered, failed = c.failed + excluded.failed, given_up = c.given_up + excluded.given_up,
                replays_delivered = c.replays_delivered + excluded.replays_delivered, replays_given_up = c.replays_given_up + excluded.replays_given_up
        ), well as (
            update command_center.webhook_endpoints e
            set failures = 0, failing_since = null, warnings = 0, warned_at = null, last_success_at = now(),
                cooldown_until = case when cooldown_until > now() then cooldown_until end,
                cooldown_reason = case when cooldown_until > now() then cooldown_reason end
            from (
                select id from command_center.webhook_endpoints
                where id in (select endpoint from held where is_well)
                    and (failures > 0 or last_success_at is null or last_success_at < greatest(updated_at, now() - interval '1 s'))
                order by id for update) mine
            where e.id = mine.id
        )
        select id from held
        """;

    public async Task WriteAsync(IReadOnlyList<Attempt> attempts, CancellationToken cancellationToken)
    {
        var fates = attempts.Select(Judge).ToArray();
        Guid[] failing = [.. attempts.Zip(fates).Where(one => one.Second.Fate is Fate.Again or Fate.GivenUp)
            .Select(one => one.First.Claim.Endpoint).Distinct()];
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new($"select {KeptPlan.Sql}"), Of(attempts, fates, failing) },
        };
        if (failing.Length == 0)
        {
            // A transaction by itself.
            await batch.PrepareAsync(cancellationToken);
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        batch.Transaction = transaction;
        batch.BatchCommands.Add(EndpointHealthRecord.Lock(failing));
        var (held, endpoints) = await ReadAsync(batch, cancellationToken);
        var counting = attempts.Zip(fates).Where(one => held.Contains(one.First.Claim.DeliveryId) && one.Second.Fate is not Fate.Released).ToList();
        await using var after = new NpgsqlBatch(connection, transaction);
        var news = health.AddTo(after, endpoints, [.. counting.Select(one => one.First)]);
        news.AddRange(counting.Where(one => one.Second.Fate is Fate.GivenUp).Select(one => announce.GivenUp(one.First)).OfType<EventDraft>());
        if (news.Count > 0)
        {
            // Last, since it takes the lock of all writers of events.
            events.AddTo(after, news);
        }
        if (after.BatchCommands.Count > 0)
        {
            await after.PrepareAsync(cancellationToken);
            await after.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        if (news.Count > 0)
        {
            committed.Pulse();
        }
    }

    private static async Task<(HashSet<Guid> Held, List<WebhookEndpoint> Endpoints)> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var held = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            held.Add(reader.GetGuid(0));
        }
        await reader.NextResultAsync(cancellationToken);
        return (held, await EndpointStore.ReadAsync(reader, cancellationToken));
    }

    private static (Fate Fate, TimeSpan Delay) Judge(Attempt attempt) => attempt.Outcome switch
    {
        { IsSuccess: true } => (Fate.Delivered, TimeSpan.Zero),
        { Error: AttemptError.Stopped } => (Fate.Released, TimeSpan.Zero),
        { IsGone: true } => (Fate.GivenUp, TimeSpan.Zero),
        var failed => RetrySchedule.After(attempt.Claim.Failed + 1, Random.Shared.NextDouble(), failed.RetryAfter) is { } delay
            ? (Fate.Again, delay)
            : (Fate.GivenUp, TimeSpan.Zero),
    };

    private static NpgsqlBatchCommand Of(IReadOnlyList<Attempt> attempts, (Fate Fate, TimeSpan Delay)[] fates, Guid[] failing)
    {
        var command = new NpgsqlBatchCommand(Sql);
        void Column<T>(NpgsqlDbType type, Func<Attempt, T> value) => command.Parameters.AddColumn(type, attempts, value);
        Column(NpgsqlDbType.Uuid, attempt => attempt.Claim.DeliveryId);
        Column(NpgsqlDbType.Integer, attempt => attempt.Claim.Fence);
        command.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. fates.Select(one => (short)one.Fate)] });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan[]> { TypedValue = [.. fates.Select(one => one.Delay)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Interval });
        Column(NpgsqlDbType.TimestampTz, attempt => attempt.Outcome.StartedAt.UtcDateTime);
        Column(NpgsqlDbType.Real, attempt => (float)attempt.Outcome.Duration.TotalMilliseconds);
        Column(NpgsqlDbType.Integer, attempt => attempt.Outcome.Status);
        Column(NpgsqlDbType.Smallint, attempt => (short)attempt.Outcome.Error);
        Column(NpgsqlDbType.Smallint, attempt => (short?)attempt.Outcome.Triage?.Label);
        Column(NpgsqlDbType.Text, attempt => attempt.Outcome.Detail);
        Column(NpgsqlDbType.Text, attempt => attempt.Outcome.ResponseHead);
        Column(NpgsqlDbType.Uuid, attempt => attempt.Claim.Endpoint);
        Column(NpgsqlDbType.Boolean, attempt => attempt.Outcome.IsSuccess && !failing.Contains(attempt.Claim.Endpoint));
        Column(NpgsqlDbType.Smallint, attempt => (short?)attempt.Outcome.Diagnosis?.Cause);
        return command;
    }
}
