using Npgsql;

namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>Reads the table, forwards as a feed and backwards as a list.</summary>
internal sealed class EventReader(NpgsqlDataSource source) : IEventLog
{
    private const string Columns =
        """
        select seq, event_id, event_type, source, tenant_id, severity, occurred_at, received_at,
               trace_id, client_ip, publisher, origin, payload
        """;

    /// <summary>A question that takes longer must be narrowed: it would hold up the others.</summary>
    private const int PatienceSeconds = 10;

    public async Task<long> HeadAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select last_seq from command_center.feed_head");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public Task<IReadOnlyList<StoredEvent>> AfterAsync(
        long after, long upTo, EventFilter filter, int limit, CancellationToken cancellationToken) => ReadAsync(
            filter, conditions => conditions.And("seq > ?", after).And("seq <= ?", upTo), "seq", limit, cancellationToken);

    /// <summary>The list: what comes before a number, newest first.</summary>
    public Task<IReadOnlyList<StoredEvent>> BeforeAsync(
        long before, EventFilter filter, int limit, CancellationToken cancellationToken) => ReadAsync(
            filter, conditions => conditions.And("seq < ?", before), "seq desc", limit, cancellationToken);

    /// <summary>A part of the list: what lies in a stretch of the feed, newest first.</summary>
    public Task<IReadOnlyList<StoredEvent>> BackAsync(
        Stretch stretch, EventFilter filter, int limit, CancellationToken cancellationToken) => ReadAsync(
            filter, conditions => conditions.And("seq >= ?", stretch.From).And("seq < ?", stretch.To), "seq desc", limit, cancellationToken);

    /// <summary>What comes after a number, oldest first, as a statement among others; <see cref="Row"/> reads its answer.</summary>
    public static NpgsqlBatchCommand After(long after, EventFilter filter, int limit)
    {
        var command = new NpgsqlBatchCommand();
        command.CommandText = Sql(command.Parameters, filter, conditions => conditions.And("seq > ?", after), "seq", limit);
        return command;
    }

    private async Task<IReadOnlyList<StoredEvent>> ReadAsync(
        EventFilter filter, Action<EventConditions> range, string order, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        command.CommandTimeout = PatienceSeconds;
        command.CommandText = Sql(command.Parameters, filter, range, order, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<StoredEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(Row(reader));
        }
        return events;
    }

    private static string Sql(
        NpgsqlParameterCollection parameters, EventFilter filter, Action<EventConditions> range, string order, int limit)
    {
        var conditions = new EventConditions(parameters);
        range(conditions);
        conditions.AndAllOf(filter);
        return $"{Columns} {From(filter, conditions)} order by {order} limit {limit:D}";
    }

    // A trace has few events: all of them are found first. The planner would rather walk the feed until it met enough of them.
    private static string From(EventFilter filter, EventConditions conditions) => filter.TraceId is null
        ? $"from command_center.events {conditions}"
        : $"from (select * from command_center.events {conditions} offset 0) events";

    public static StoredEvent Row(NpgsqlDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        EventId = row.GetString(1),
        EventType = row.GetString(2),
        Source = row.GetString(3),
        TenantId = row.GetString(4),
        Severity = (Severity)row.GetInt16(5),
        Timestamp = row.GetFieldValue<DateTimeOffset>(6),
        ReceivedAt = row.GetFieldValue<DateTimeOffset>(7),
        TraceId = row.IsDBNull(8) ? null : row.GetString(8),
        ClientIp = row.IsDBNull(9) ? null : row.GetString(9),
        Publisher = row.IsDBNull(10) ? null : row.GetString(10),
        Origin = (Origin)row.GetInt16(11),
        Payload = new(row.GetFieldValue<byte[]>(12)),
    };
}
