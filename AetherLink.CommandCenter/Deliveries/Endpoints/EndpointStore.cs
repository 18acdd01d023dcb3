using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Operators;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Endpoints;

/// <summary>The endpoints in Postgres.</summary>
internal sealed class EndpointStore(NpgsqlDataSource source, OperatorAudit audit)
{
    public const string Columns =
        """
        id, seq, url, kind, tenant_id, event_types, severity, secret, previous_secret, previous_until, enabled, disabled_reason,
        is_configured, created_at, updated_at, failures, failing_since, warnings, cooldown_until, cooldown_reason,
        last_triage, last_failure_at, last_success_at, warned_at, now()
        """;

    // Whoever follows events reads the version with the head of the feed, so that what was committed here counts from then on.
    private const string Changed = "update command_center.webhook_version set version = version + 1";

    public static async Task<List<WebhookEndpoint>> EnabledAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select {Columns} from command_center.webhook_endpoints where enabled and deleted_at is null order by seq", connection);
        return await ReadAsync(command, cancellationToken);
    }

    public static async Task<WebhookEndpoint?> EnabledAsync(NpgsqlConnection connection, Guid id, bool forUpdate, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select {Columns} from command_center.webhook_endpoints where id = $1 and enabled and deleted_at is null {(forUpdate ? "for update" : "")}",
            connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Newest first; a tenant sees its own only.</summary>
    public async Task<List<WebhookEndpoint>> BeforeAsync(long before, string? tenant, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
            select {Columns} from command_center.webhook_endpoints
            where deleted_at is null and seq < $1 and ($2 is null or tenant_id = $2) order by seq desc limit $3
            """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return await ReadAsync(command, cancellationToken);
    }

    public async Task<WebhookEndpoint?> FindAsync(Guid id, string? tenant, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, id, tenant, cancellationToken);
    }

    private static async Task<WebhookEndpoint?> FindAsync(NpgsqlConnection connection, Guid id, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {Columns} from command_center.webhook_endpoints
            where id = $1 and deleted_at is null and ($2 is null or tenant_id = $2)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>What was added, or why it was not; neither for a configured one that was there before, whatever became of it.</summary>
    public async Task<(WebhookEndpoint? Added, string? Refusal)> AddAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, Changed, [], cancellationToken);
        // The row of the version is locked: two additions at once are counted one after the other.
        if (!endpoint.IsConfigured && await EndpointLimits.RefusalAsync(connection, endpoint.TenantId, cancellationToken) is { } full)
        {
            return (null, full);
        }
        var added = await ExecuteAsync(
            connection,
            """
            insert into command_center.webhook_endpoints
                (id, url, kind, tenant_id, event_types, severity, secret, enabled, is_configured, configured_as)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $9 then sha256(convert_to($2, 'UTF8')) end)
            on conflict do nothing
            """,
            [
                new NpgsqlParameter<Guid> { TypedValue = endpoint.Id }, .. Parameters(endpoint),
                new NpgsqlParameter<bool> { TypedValue = endpoint.IsConfigured },
            ], cancellationToken);
        var made = added == 1 ? await FindAsync(connection, endpoint.Id, tenant: null, cancellationToken) : null;
        if (made is not null)
        {
            await RecordAsync(connection, "webhook.created", null, made, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return (made, null);
    }

    /// <summary>
    /// What was changed begins anew: its failures were those of what it was before. It is read in the transaction that changes it,
    /// so that a secret that is rotated meanwhile stays.
    /// </summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="tenant">The tenant that the caller is confined to.</param>
    /// <param name="change">What becomes of it; null to leave it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether there is one, and why it may not become that.</returns>
    public async Task<(bool IsThere, string? Refusal)> ChangeAsync(
        Guid id, string? tenant, Func<WebhookEndpoint, WebhookEndpoint?> change, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, Changed, [], cancellationToken);
        if (await FindAsync(connection, id, tenant, cancellationToken) is not { } before)
        {
            return (false, null);
        }
        if (change(before) is not { } after)
        {
            return (true, null);
        }
        if (after.TenantId != before.TenantId && await EndpointLimits.RefusalAsync(connection, after.TenantId, cancellationToken) is { } full)
        {
            return (true, full);
        }
        await ExecuteAsync(connection, Write, [new NpgsqlParameter<Guid> { TypedValue = id }, .. Parameters(after)], cancellationToken);
        await RecordAsync(connection, "webhook.changed", before, await FindAsync(connection, id, tenant: null, cancellationToken), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (true, null);
    }

    private const string Write =
        """
        update command_center.webhook_endpoints
        set url = $2, kind = $3, tenant_id = $4, event_types = $5, severity = $6, secret = $7, enabled = $8,
            disabled_reason = case when $8 then null else coalesce(disabled_reason, 'By hand.') end, updated_at = now(),
            failures = 0, failing_since = null, warnings = 0, warned_at = null, cooldown_until = null, cooldown_reason = null
        where id = $1 and deleted_at is null
        """;

    /// <summary>For the time of an overlap it signs with the one before as well.</summary>
    public Task<bool> RotateAsync(Guid id, SealedSecret secret, TimeSpan overlap, CancellationToken cancellationToken) => ChangeAsync(
        id, "webhook.secret_rotated",
        """
        update command_center.webhook_endpoints
        set previous_secret = secret, previous_until = now() + $3, secret = $2, updated_at = now()
        where id = $1 and deleted_at is null
        """,
        [
            new NpgsqlParameter<string> { TypedValue = secret.Text },
            new NpgsqlParameter<TimeSpan> { TypedValue = overlap, NpgsqlDbType = NpgsqlDbType.Interval },
        ], cancellationToken);

    /// <summary>The history still names it: what goes is the secret.</summary>
    public Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(
        id, "webhook.deleted",
        """
        update command_center.webhook_endpoints
        set deleted_at = now(), enabled = false, disabled_reason = 'It was removed.', secret = '', previous_secret = null
        where id = $1 and deleted_at is null
        """,
        [], cancellationToken);

    private async Task<bool> ChangeAsync(Guid id, string action, string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, Changed, [], cancellationToken);
        if (await FindAsync(connection, id, tenant: null, cancellationToken) is not { } before
            || await ExecuteAsync(connection, sql, [new NpgsqlParameter<Guid> { TypedValue = id }, .. parameters], cancellationToken) != 1)
        {
            return false;
        }
        await RecordAsync(connection, action, before, await FindAsync(connection, id, tenant: null, cancellationToken), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private Task RecordAsync(
        NpgsqlConnection connection, string action, WebhookEndpoint? before, WebhookEndpoint? after, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            connection, action, (after ?? before)!.Id.ToString(), before?.TenantId, after?.TenantId, before is null ? null : WebhookView.Of(before),
            after is null ? null : WebhookView.Of(after), DeliveriesJson.Wire.WebhookView, cancellationToken);

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter[] Parameters(WebhookEndpoint endpoint) =>
    [
        new NpgsqlParameter<string> { TypedValue = endpoint.Url.Reveal() },
        new NpgsqlParameter<short> { TypedValue = (short)endpoint.Kind },
        new NpgsqlParameter<string?> { TypedValue = endpoint.TenantId, NpgsqlDbType = NpgsqlDbType.Text },
        new NpgsqlParameter<string[]> { TypedValue = [.. endpoint.EventTypes] },
        new NpgsqlParameter<short> { TypedValue = (short)endpoint.Severity },
        new NpgsqlParameter<string> { TypedValue = endpoint.Secret.Text },
        new NpgsqlParameter<bool> { TypedValue = endpoint.Enabled },
    ];

    public static async Task<List<WebhookEndpoint>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>The rows of an answer that has the <see cref="Columns"/>.</summary>
    public static async Task<List<WebhookEndpoint>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var endpoints = new List<WebhookEndpoint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            endpoints.Add(Row(reader));
        }
        return endpoints;
    }

    private static WebhookEndpoint Row(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Sequence = row.GetInt64(1),
        Url = EndpointUrl.Stored(row.GetString(2)),
        Kind = (EndpointKind)row.GetInt16(3),
        TenantId = row.IsDBNull(4) ? null : row.GetString(4),
        EventTypes = row.GetFieldValue<string[]>(5),
        Severity = (Severity)row.GetInt16(6),
        Secret = new(row.GetString(7)),
        PreviousSecret = row.IsDBNull(8) ? null : new(row.GetString(8)),
        PreviousUntil = Time(row, 9),
        Enabled = row.GetBoolean(10),
        DisabledReason = row.IsDBNull(11) ? null : row.GetString(11),
        IsConfigured = row.GetBoolean(12),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(13),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(14),
        Health = new(row.GetInt32(15), Time(row, 16), row.GetInt32(17), Time(row, 23), Time(row, 18), row.IsDBNull(19) ? null : row.GetString(19)),
        LastTriage = row.IsDBNull(20) ? null : (TriageLabel)row.GetInt16(20),
        LastFailureAt = Time(row, 21),
        LastSuccessAt = Time(row, 22),
        ReadAt = row.GetFieldValue<DateTimeOffset>(24),
    };

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
