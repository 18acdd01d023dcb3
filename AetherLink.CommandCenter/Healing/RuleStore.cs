using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Operators;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Healing;

/// <summary>The rules in Postgres, and what they did.</summary>
internal sealed class RuleStore(NpgsqlDataSource source, OperatorAudit audit)
{
    private const string Columns =
        """
        id, name, tenant_id, match_endpoint, match_triage, action, cooldown_seconds, max_replays, window_seconds, enabled,
        created_by, created_at, updated_at
        """;

    /// <summary>Oldest first; a tenant sees its own, and those that are everybody's.</summary>
    public async Task<List<HealingRule>> ListAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"select {Columns} from command_center.delivery_healing_rules where $1 is null or tenant_id is null or tenant_id = $1 order by seq");
        command.Parameters.Add(Text(tenant));
        return await ReadAsync(command, cancellationToken);
    }

    public static async Task<List<HealingRule>> EnabledAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select {Columns} from command_center.delivery_healing_rules where enabled order by seq", connection);
        return await ReadAsync(command, cancellationToken);
    }

    public static async Task<HealingRule?> EnabledAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select {Columns} from command_center.delivery_healing_rules where id = $1 and enabled", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>One that the tenant may change: its own.</summary>
    public async Task<HealingRule?> FindAsync(Guid id, string? tenant, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, id, tenant, cancellationToken);
    }

    private static async Task<HealingRule?> FindAsync(NpgsqlConnection connection, Guid id, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select {Columns} from command_center.delivery_healing_rules where id = $1 and ($2 is null or tenant_id = $2)", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(Text(tenant));
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Each is held against each endpoint, once a second.</summary>
    public const int InAll = 200;

    /// <summary>So that no tenant can take the room of the others.</summary>
    public const int OfATenant = 50;

    /// <summary>Writes a new one, or over one that there is; null when there are as many as there may be, in all or of its tenant.</summary>
    public async Task<HealingRule?> SaveAsync(HealingRule rule, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two at once are counted one after the other; whoever reads goes on.
        await using (var wait = new NpgsqlCommand("lock table command_center.delivery_healing_rules in share row exclusive mode", connection))
        {
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }
        var before = await FindAsync(connection, rule.Id, tenant: null, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
            insert into command_center.delivery_healing_rules (id, name, tenant_id, match_endpoint, match_triage, action,
                cooldown_seconds, max_replays, window_seconds, enabled, created_by)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
            from (select count(*) as others, count(*) filter (where tenant_id = $3) as own
                from command_center.delivery_healing_rules where id <> $1) c
            where others < $12 and own < $13
            on conflict (id) do update set name = excluded.name, tenant_id = excluded.tenant_id, match_endpoint = excluded.match_endpoint,
                match_triage = excluded.match_triage, action = excluded.action, cooldown_seconds = excluded.cooldown_seconds,
                max_replays = excluded.max_replays, window_seconds = excluded.window_seconds, enabled = excluded.enabled, updated_at = now()
            returning {Columns}
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = rule.Id });
        command.Parameters.Add(Text(rule.Name));
        command.Parameters.Add(Text(rule.TenantId));
        command.Parameters.Add(Text(rule.MatchEndpoint));
        command.Parameters.Add(new NpgsqlParameter<short?> { TypedValue = (short?)rule.MatchTriage, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)rule.Action });
        foreach (var number in (ReadOnlySpan<int>)[rule.CooldownSeconds, rule.MaxReplays, rule.WindowSeconds])
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        }
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = rule.Enabled });
        command.Parameters.Add(Text(rule.CreatedBy));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = InAll });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = OfATenant });
        if ((await ReadAsync(command, cancellationToken)).SingleOrDefault() is not { } saved)
        {
            return null;
        }
        await RecordAsync(connection, before is null ? "healing_rule.created" : "healing_rule.changed", before, saved, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    public async Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"delete from command_center.delivery_healing_rules where id = $1 returning {Columns}", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        if ((await ReadAsync(command, cancellationToken)).SingleOrDefault() is not { } removed)
        {
            return false;
        }
        await RecordAsync(connection, "healing_rule.deleted", removed, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private Task RecordAsync(
        NpgsqlConnection connection, string action, HealingRule? before, HealingRule? after, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            connection, action, (after ?? before)!.Id.ToString(), before?.TenantId, after?.TenantId, before?.Masked(), after?.Masked(), HealingJson.Wire.HealingRule, cancellationToken);

    public static async Task<Dictionary<(Guid Rule, Guid Endpoint), HealingMemory>> MemoriesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select rule_id, endpoint_id, acted_at, window_start, replays from command_center.delivery_healing_memory", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var memories = new Dictionary<(Guid, Guid), HealingMemory>();
        while (await reader.ReadAsync(cancellationToken))
        {
            memories.Add(
                (reader.GetGuid(0), reader.GetGuid(1)),
                new(reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt32(4)));
        }
        return memories;
    }

    public static async Task<HealingMemory?> MemoryAsync(Guid rule, Guid endpoint, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select acted_at, window_start, replays from command_center.delivery_healing_memory where rule_id = $1 and endpoint_id = $2", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = rule });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = endpoint });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt32(2))
            : null;
    }

    public static async Task RememberAsync(Guid rule, Guid endpoint, HealingMemory memory, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into command_center.delivery_healing_memory (rule_id, endpoint_id, acted_at, window_start, replays) values ($1, $2, $3, $4, $5)
            on conflict (rule_id, endpoint_id) do update
            set acted_at = excluded.acted_at, window_start = excluded.window_start, replays = excluded.replays
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = rule });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = endpoint });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = memory.ActedAt.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = memory.WindowStart.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = memory.Replays });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter<string?> Text(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static async Task<List<HealingRule>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rules = new List<HealingRule>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rules.Add(new(
                reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : (TriageLabel)reader.GetInt16(4), (HealingAction)reader.GetInt16(5), reader.GetInt32(6),
                reader.GetInt32(7), reader.GetInt32(8), reader.GetBoolean(9), reader.GetString(10),
                reader.GetFieldValue<DateTimeOffset>(11), reader.GetFieldValue<DateTimeOffset>(12)));
        }
        return rules;
    }
}
