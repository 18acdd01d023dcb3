using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Deliveries.Endpoints;

/// <summary>How many endpoints there may be: each claim looks at all of them. No tenant can take the room of the others.</summary>
internal static class EndpointLimits
{
    public const int InAll = 1_000;
    public const int OfATenant = 100;

    /// <summary>Why there may be no more; null if there may be. The caller holds the lock of the version, so that nobody adds one meanwhile.</summary>
    public static async Task<string?> RefusalAsync(NpgsqlConnection connection, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select count(*)::int, (count(*) filter (where tenant_id = $1))::int
            from command_center.webhook_endpoints where deleted_at is null
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return row.GetInt32(0) >= InAll ? $"There are {InAll} webhooks already, as many as there may be."
            : row.GetInt32(1) >= OfATenant ? $"Tenant '{tenant}' has {OfATenant} webhooks already, as many as it may have."
            : null;
    }
}
