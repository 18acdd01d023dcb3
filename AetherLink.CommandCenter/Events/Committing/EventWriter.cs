using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.CommandCenter.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Events.Committing;

/// <summary>A row that was written: which of the batch, its number, and when.</summary>
internal readonly record struct Written(int Index, long Sequence, DateTimeOffset ReceivedAt);

/// <summary>Writes a batch of events in one transaction and one round trip.</summary>
internal interface IEventWriter
{
    /// <summary>Stores what is new; what is missing in the answer was there before. No key may be in it twice.</summary>
    Task<IReadOnlyList<Written>> WriteAsync(IReadOnlyList<EventDraft> events, CancellationToken cancellationToken);

    /// <summary>
    /// The same in a transaction of the caller's, at the isolation of a committed read. It takes the lock of all writers, which
    /// is held until the end: so it comes last in the transaction, and whoever commits it pulses the <c>CommitSignal</c> after.
    /// </summary>
    Task<IReadOnlyList<Written>> WriteAsync(
        IReadOnlyList<EventDraft> events, NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken);

    /// <summary>
    /// The same as the last statements of a batch of the caller's, which is a transaction by itself: whoever executes it pulses
    /// the <c>CommitSignal</c> after.
    /// </summary>
    void AddTo(NpgsqlBatch batch, IReadOnlyList<EventDraft> events);

    /// <summary>When events that were there before came, and whether their bodies were the same.</summary>
    Task<Known[]> FindAsync(IReadOnlyList<EventDraft> duplicates, CancellationToken cancellationToken);
}

internal readonly record struct Known(DateTimeOffset ReceivedAt, bool SameBody);

/// <inheritdoc />
internal sealed class EventWriter(NpgsqlDataSource source, CommitSignal signal) : IEventWriter
{
    /// <summary>The channel that tells other replicas of a commit, with the origin of it.</summary>
    public const string Channel = "command_center_events";

    /// <summary>The key of the writers' lock among the advisory locks of the database: 'events' in ASCII.</summary>
    private const long WriterLock = 0x6576656e7473;

    // The lock is a statement of its own, so that the snapshot of the next one sees all that was committed before.
    private const string Lock = $"select pg_advisory_xact_lock($1), {KeptPlan.Sql}";

    // The numbers are given out under the lock and committed before the next writer gets it: their order is the order of
    // commits over all replicas, and has no gaps. received_at never runs backwards along them.
    private const string Insert =
        """
        with input as materialized (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) with ordinality as t (
                event_id, dedupe_key, body_hash, tenant_id, event_type, source, severity, occurred_at,
                trace_id, client_ip, publisher, origin, payload, source_is_new, ord)
        ), head as materialized (
            select last_seq, at, date_trunc('hour', at, 'UTC') as hour, date_trunc('minute', at, 'UTC') as minute
            from (select last_seq, greatest(clock_timestamp(), last_at) as at from command_center.feed_head) now
        ), fresh as (
            insert into command_center.event_keys (tenant_id, dedupe_key, body_hash, received_at)
            select i.tenant_id, i.dedupe_key, i.body_hash, h.at from input i, head h order by i.ord
            on conflict do nothing
            returning tenant_id, dedupe_key
        ), numbered as materialized (
            select i.*, h.at, h.hour, h.minute, h.last_seq + row_number() over (order by i.ord) as seq
            from fresh f join input i using (tenant_id, dedupe_key) cross join head h
        ), stored as (
            insert into command_center.events (seq, event_id, tenant_id, event_type, source, severity, occurred_at, received_at,
                trace_id, client_ip, publisher, origin, payload)
            select seq, event_id, tenant_id, event_type, source, severity, occurred_at, at,
                trace_id, client_ip, publisher, origin, payload
            from numbered order by seq
        ), counted as (
            insert into command_center.event_counts as c (hour, tenant_id, event_type, severity, events)
            select hour, tenant_id, event_type, severity, count(*) from numbered group by 1, 2, 3, 4
            on conflict (hour, tenant_id, event_type, severity) do update set events = c.events + excluded.events
        ), sourced as (
            insert into command_center.event_sources (source, hour, tenant_id)
            select distinct source, hour, tenant_id from numbered where source_is_new or hour <> $15
            on conflict do nothing
        ), minute as (
            insert into command_center.feed_minutes (minute, first_seq)
            select minute, min(seq) from numbered group by 1
            on conflict do nothing
        ), moved as (
            update command_center.feed_head set last_seq = n.seq, last_at = n.at
            from (select max(seq) as seq, max(at) as at from numbered having count(*) > 0) n
        )
        select ord::int, seq, at from numbered
        """;

    private const string Notify = $"select pg_notify('{Channel}', $1)";

    private readonly KnownSources _sources = new();

    public async Task<IReadOnlyList<Written>> WriteAsync(IReadOnlyList<EventDraft> events, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await WriteAsync(events, connection, transaction: null, cancellationToken);
    }

    public async Task<IReadOnlyList<Written>> WriteAsync(
        IReadOnlyList<EventDraft> events, NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        AddTo(batch, events);
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var written = new List<Written>(events.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            written.Add(new(reader.GetInt32(0) - 1, reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2)));
        }
        // Without a transaction of the caller's it ends with the batch: only when all of it was read has it committed.
        while (await reader.NextResultAsync(cancellationToken))
        {
        }
        if (transaction is null)
        {
            // What the caller's transaction wrote may yet be rolled back.
            _sources.Remember(events, written);
        }
        return written;
    }

    public void AddTo(NpgsqlBatch batch, IReadOnlyList<EventDraft> events)
    {
        batch.BatchCommands.Add(new(Lock) { Parameters = { new NpgsqlParameter<long> { TypedValue = WriterLock } } });
        batch.BatchCommands.Add(InsertOf(events, _sources.Of(events)));
        batch.BatchCommands.Add(new(Notify) { Parameters = { new NpgsqlParameter<string> { TypedValue = signal.Origin } } });
    }

    public async Task<Known[]> FindAsync(IReadOnlyList<EventDraft> duplicates, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select ord::int, received_at, body_hash
            from unnest($1, $2) with ordinality as d (tenant_id, dedupe_key, ord) join command_center.event_keys using (tenant_id, dedupe_key)
            """);
        command.Parameters.AddColumn(NpgsqlDbType.Text, duplicates, draft => draft.TenantId);
        command.Parameters.AddColumn(NpgsqlDbType.Text, duplicates, draft => draft.DedupeKey);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        // What is not found was pruned in between: it is seven days old to the second.
        Known[] known = [.. duplicates.Select(draft => new Known(draft.Timestamp, SameBody: true))];
        while (await reader.ReadAsync(cancellationToken))
        {
            var index = reader.GetInt32(0) - 1;
            known[index] = new(reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt64(2) == duplicates[index].BodyHash);
        }
        return known;
    }

    private static NpgsqlBatchCommand InsertOf(IReadOnlyList<EventDraft> events, (DateTime Hour, bool[] Unknown) sources)
    {
        var command = new NpgsqlBatchCommand(Insert);
        void Column<T>(NpgsqlDbType type, Func<EventDraft, T> value) => command.Parameters.AddColumn(type, events, value);
        Column(NpgsqlDbType.Text, draft => draft.EventId);
        Column(NpgsqlDbType.Text, draft => draft.DedupeKey);
        Column(NpgsqlDbType.Bigint, draft => draft.BodyHash);
        Column(NpgsqlDbType.Text, draft => draft.TenantId);
        Column(NpgsqlDbType.Text, draft => draft.EventType);
        Column(NpgsqlDbType.Text, draft => draft.Source);
        Column(NpgsqlDbType.Smallint, draft => (short)draft.Severity);
        Column(NpgsqlDbType.TimestampTz, draft => draft.Timestamp.UtcDateTime);
        Column(NpgsqlDbType.Text, draft => draft.TraceId);
        Column(NpgsqlDbType.Text, draft => draft.ClientIp);
        Column(NpgsqlDbType.Text, draft => draft.Publisher);
        Column(NpgsqlDbType.Smallint, draft => (short)draft.Origin);
        Column(NpgsqlDbType.Jsonb, draft => draft.Payload);
        command.Parameters.Add(new NpgsqlParameter<bool[]> { TypedValue = sources.Unknown, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = sources.Hour, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return command;
    }
}
