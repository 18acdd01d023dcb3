using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.ServiceDefaults;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Events.Retaining;

/// <summary>
/// What was pruned and is still to be told of. It is noted in the transactions that remove, and taken off in the one that tells:
/// however often a pruning is broken off, what it removed is announced once.
/// </summary>
internal sealed class PruningNews(NpgsqlDataSource source, Telling telling, OwnDrafts drafts)
{
    public const string BeforeParameter = "before";

    /// <summary>A statement that adds to what is to be told; a pruning of nothing adds nothing.</summary>
    public static string Note(string gone, string count) =>
        $"""
        insert into command_center.pruned as p (tenant_id, retention_days, before, events)
        select @told_tenant, @told_days, @told_before, {count} from {gone} having {count} > 0
        on conflict (tenant_id) do update
        set retention_days = excluded.retention_days, before = excluded.before, events = p.events + excluded.events
        """;

    public static void AddParameters(NpgsqlCommand command, Pruned pruned)
    {
        command.Parameters.AddWithValue("told_tenant", NpgsqlDbType.Text, pruned.TenantId ?? "");
        command.Parameters.AddWithValue("told_days", NpgsqlDbType.Integer, pruned.RetentionDays);
        command.Parameters.AddWithValue("told_before", NpgsqlDbType.TimestampTz, pruned.Before.UtcDateTime);
    }

    public async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in await WaitingAsync(cancellationToken))
        {
            await telling.CommitAsync(
                async (connection, transaction, token) => new Told<bool>(true, await TakeAsync(tenant, connection, transaction, token)), cancellationToken);
        }
    }

    private async Task<List<string>> WaitingAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select tenant_id from command_center.pruned order by tenant_id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tenants = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tenants.Add(reader.GetString(0));
        }
        return tenants;
    }

    /// <summary>Null when another replica took it.</summary>
    private async Task<EventDraft?> TakeAsync(
        string tenant, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var take = new NpgsqlCommand(
            "delete from command_center.pruned where tenant_id = $1 returning before, events, retention_days", connection, transaction)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = tenant } },
        };
        await using var row = await take.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return null;
        }
        var tenantId = tenant.Length == 0 ? null : tenant;
        return drafts.Make(EventTypes.OpsEventsPruned, Severity.Info, new JsonObject
        {
            ["before"] = row.GetDateTime(0),
            ["events"] = row.GetInt64(1),
            ["tenant_id"] = tenantId,
            ["retention_days"] = row.GetInt32(2),
        }, tenantId);
    }
}
