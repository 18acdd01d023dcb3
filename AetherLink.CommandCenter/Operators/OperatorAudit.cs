using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Operators;

/// <summary>
/// Writes who changed what, in the transaction of the change: the one is not there without the other. The chain's head is locked
/// until that transaction ends, so a change records itself late in it, and before it writes events, whose lock comes last of all.
/// </summary>
internal sealed class OperatorAudit(Actors actors, ChainSealing sealing, TimeProvider clock, ILogger<OperatorAudit> logger)
{
    /// <summary>For a change by EF, inside its transaction.</summary>
    public Task RecordAsync<T>(
        CommandCenterDb db, string action, string target, string? tenant, T? before, T? after, JsonTypeInfo<T> type,
        CancellationToken cancellationToken) where T : class =>
        RecordAsync((NpgsqlConnection)db.Database.GetDbConnection(), action, target, tenant, before, after, type, cancellationToken);

    /// <param name="connection">In the transaction of the change.</param>
    /// <param name="action">What was done, such as <c>alert_rule.created</c>.</param>
    /// <param name="target">What it was done to.</param>
    /// <param name="tenant">Whose thing it is; null for everybody's.</param>
    /// <param name="before">As it was, as the API shows it and so without secrets; null when it was not there.</param>
    /// <param name="after">As it is now; null when it is gone.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task RecordAsync<T>(
        NpgsqlConnection connection, string action, string target, string? tenant, T? before, T? after, JsonTypeInfo<T> type,
        CancellationToken cancellationToken) where T : class
    {
        var actor = actors.Current;
        return AppendAsync(
            connection,
            new(
                ToMicroseconds(clock.GetUtcNow()), actor.Name, actor.Roles, tenant, action, target, Json(before, type), Json(after, type),
                actor.Address, actor.TraceId, actor.Subject),
            cancellationToken);
    }

    /// <summary>
    /// For a thing that may have moved from tenant to tenant: then it is two entries, one for those whom it has left, with what it was,
    /// and one for those who have it now, with what it is. Neither shows the one what is the others'.
    /// </summary>
    public async Task RecordAsync<T>(
        NpgsqlConnection connection, string action, string target, string? from, string? to, T? before, T? after, JsonTypeInfo<T> type,
        CancellationToken cancellationToken) where T : class
    {
        if (before is null || after is null || string.Equals(from, to, StringComparison.Ordinal))
        {
            await RecordAsync(connection, action, target, after is null ? from : to, before, after, type, cancellationToken);
            return;
        }
        await RecordAsync(connection, action, target, from, before, null, type, cancellationToken);
        await RecordAsync(connection, action, target, to, null, after, type, cancellationToken);
    }

    /// <summary>
    /// A change at another service, as that one tells it; its entry stands where it arrived. A time to come is the fault of the other
    /// one's clock, and would keep all entries before it from ever being old.
    /// </summary>
    public Task RecordAsync(NpgsqlConnection connection, OperatorChange change, CancellationToken cancellationToken) => AppendAsync(
        connection,
        new(
            ToMicroseconds(change.At < clock.GetUtcNow() ? change.At : clock.GetUtcNow()), change.Actor, change.Roles, change.TenantId, change.Action, change.Target, change.Before?.ToJsonString(),
            change.After?.ToJsonString(), change.Address, change.TraceId, change.Subject),
        cancellationToken);

    private async Task AppendAsync(NpgsqlConnection connection, AuditEntry entry, CancellationToken cancellationToken)
    {
        var (before, seal) = await HeadAsync(connection, "for update", cancellationToken);
        var head = before.Append(entry);
        // The new seal must not hide that the one before it did not hold.
        if (!sealing.IsSealed(before, seal))
        {
            Log.AuditNotSealed(logger, before.Seq);
            head = head with { ResealedSeq = head.Seq };
        }
        await using var insert = new NpgsqlCommand(
            """
            with entry as (
                insert into command_center.operator_audit (seq, at, actor, roles, tenant_id, action, target, before, after, address, trace_id, hash, subject)
                values ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $2, $15)
            )
            update command_center.operator_audit_head set seq = $1, hash = $2, seal = $13, resealed_seq = $14
            """, connection);
        insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = head.Seq });
        insert.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = head.Hash });
        insert.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = entry.At.UtcDateTime });
        insert.Parameters.Add(Text(entry.Actor));
        insert.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. entry.Roles] });
        foreach (var text in (ReadOnlySpan<string?>)[entry.TenantId, entry.Action, entry.Target])
        {
            insert.Parameters.Add(Text(text));
        }
        foreach (var json in (ReadOnlySpan<string?>)[entry.Before, entry.After])
        {
            insert.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = json, NpgsqlDbType = NpgsqlDbType.Json });
        }
        insert.Parameters.Add(Text(entry.Address));
        insert.Parameters.Add(Text(entry.TraceId));
        insert.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = sealing.Seal(head) });
        insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = head.ResealedSeq });
        insert.Parameters.Add(Text(entry.Subject));
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The head, and its seal.</summary>
    internal static async Task<(ChainHead Head, byte[] Seal)> HeadAsync(
        NpgsqlConnection connection, string more, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select seq, hash, pruned_seq, pruned_hash, resealed_seq, seal from command_center.operator_audit_head {more}", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? (new(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3), row.GetInt64(4)), row.GetFieldValue<byte[]>(5))
            : throw new InvalidOperationException("The operator audit has lost its head: the row was deleted.");
    }

    private static DateTimeOffset ToMicroseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static string? Json<T>(T? value, JsonTypeInfo<T> type) where T : class => value is null ? null : JsonSerializer.Serialize(value, type);

    private static NpgsqlParameter<string?> Text(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };
}
