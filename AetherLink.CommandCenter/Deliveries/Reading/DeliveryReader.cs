using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Failures;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Reading;

/// <summary>Reads the history of deliveries.</summary>
internal sealed class DeliveryReader(NpgsqlDataSource source)
{
    /// <summary>Up to here a total is exact: beyond it nobody pages, and counting on would cost more than the page.</summary>
    public const int MostCounted = 10_000;

    /// <summary>A question that takes longer must be narrowed: it would hold up the others.</summary>
    private const int PatienceSeconds = 10;

    private const string Columns =
        """
        d.id, d.message_id, d.endpoint_id, e.url, e.kind, d.tenant_id, d.event_id, d.event_type, d.severity, d.status, d.error, d.triage,
        d.http_status, d.attempts, d.folded, d.created_at, d.completed_at, d.original_id, d.replayed_by,
        case when q.lease_until is null then q.due_at end, coalesce(q.lease_until > now(), false), d.cause
        """;

    private const string Joined =
        """
        join command_center.webhook_endpoints e on e.id = d.endpoint_id
        left join command_center.delivery_queue q on q.delivery_id = d.id
        """;

    public async Task<DeliveryPage> PageAsync(DeliveryFilter filter, int skip, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        command.CommandTimeout = PatienceSeconds;
        var conditions = new DeliveryConditions(command.Parameters).AndAllOf(filter);
        // The page's ids first, which an index has where one fits: with the rows it would cost more than walking all deliveries until
        // enough are found, which looks cheap also where none will be. Then what belongs to them.
        command.CommandText =
            $"""
            select {Columns} from (
                select d.id from command_center.deliveries d where {conditions} order by d.id desc offset {skip:D} limit {limit:D}) page
            join command_center.deliveries d on d.id = page.id
            {Joined} order by d.id desc
            """;
        var items = new List<DeliveryView>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                items.Add(Row(reader));
            }
        }
        var total = await CountAsync(filter, cancellationToken);
        return new(items, Math.Min(total, MostCounted), total > MostCounted, skip, limit);
    }

    public async Task<DeliveryDetail?> FindAsync(Guid id, string? tenant, CancellationToken cancellationToken) =>
        await ReadAsync(id, tenant, cancellationToken) is var (view, body, replays)
            ? new(view, new(body), await AttemptsAsync(id, cancellationToken), replays)
            : null;

    private async Task<(DeliveryView View, byte[] Body, Guid[] Replays)?> ReadAsync(Guid id, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            select {Columns}, d.body, array(select r.id from command_center.deliveries r where r.original_id = d.id order by r.id limit 100)
            from command_center.deliveries d {Joined} where d.id = $1 and ($2 is null or d.tenant_id = $2)
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (Row(reader), reader.GetFieldValue<byte[]>(22), reader.GetFieldValue<Guid[]>(23))
            : null;
    }

    private async Task<int> CountAsync(DeliveryFilter filter, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        command.CommandTimeout = PatienceSeconds;
        var conditions = new DeliveryConditions(command.Parameters).AndAllOf(filter);
        command.CommandText = $"select count(*)::int from (select 1 from command_center.deliveries d where {conditions} limit {MostCounted + 1:D}) c";
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<List<AttemptView>> AttemptsAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select number, started_at, duration_ms, http_status, error, triage, detail, response_head, lease_lost, cause
            from command_center.delivery_attempts where delivery_id = $1 order by number limit 200
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var attempts = new List<AttemptView>();
        while (await reader.ReadAsync(cancellationToken))
        {
            attempts.Add(new(
                reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), Math.Round(reader.GetFloat(2), 1),
                reader.IsDBNull(3) ? null : reader.GetInt32(3), reader.IsDBNull(6) ? null : reader.GetString(6),
                Faults.Of((AttemptError)reader.GetInt16(4)), reader.IsDBNull(5) ? null : (TriageLabel)reader.GetInt16(5),
                reader.IsDBNull(7) ? null : reader.GetString(7), reader.GetBoolean(8))
            {
                Cause = reader.IsDBNull(9) ? null : (FailureCause)reader.GetInt16(9),
            });
        }
        return attempts;
    }

    private static DeliveryView Row(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        MessageId = row.GetString(1),
        EndpointId = row.GetGuid(2),
        EndpointUrl = Endpoints.EndpointUrl.Stored(row.GetString(3)).Masked,
        Kind = (EndpointKind)row.GetInt16(4),
        TenantId = row.GetString(5),
        EventId = row.GetString(6),
        EventType = row.GetString(7),
        Severity = (Severity)row.GetInt16(8),
        Status = (DeliveryStatus)row.GetInt16(9),
        Triage = row.IsDBNull(11) ? null : Scheduling.Triage.Stored(
            (TriageLabel)row.GetInt16(11), (AttemptError)row.GetInt16(10), row.IsDBNull(12) ? null : row.GetInt32(12), row.IsDBNull(21) ? null : (FailureCause)row.GetInt16(21)),
        HttpStatus = row.IsDBNull(12) ? null : row.GetInt32(12),
        Attempts = row.GetInt32(13),
        Folded = row.GetInt32(14),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(15),
        CompletedAt = row.IsDBNull(16) ? null : row.GetFieldValue<DateTimeOffset>(16),
        OriginalId = row.IsDBNull(17) ? null : row.GetGuid(17),
        ReplayedBy = row.IsDBNull(18) ? null : row.GetString(18),
        NextAttemptAt = row.IsDBNull(19) ? null : row.GetFieldValue<DateTimeOffset>(19),
        InFlight = row.GetBoolean(20),
    };
}
