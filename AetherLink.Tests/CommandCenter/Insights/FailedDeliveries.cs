using Npgsql;

namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>Endpoints and deliveries that are there, without anything having been sent.</summary>
internal static class FailedDeliveries
{
    public static async Task<Guid> EndpointAsync(this NpgsqlDataSource source, string tenant, int failures = 0)
    {
        var id = Guid.CreateVersion7();
        await source.ExecuteAsync(
            $"""
            insert into command_center.webhook_endpoints (id, url, kind, tenant_id, event_types, severity, secret, enabled, failures, last_success_at, updated_at)
            values ('{id}', 'https://hooks.example.com/{id}', 0, '{tenant}', array['none'], 0, 'none', true, {failures},
                case when {failures} = 0 then now() end, now() - interval '1 day')
            """);
        return id;
    }

    /// <param name="source">Where to.</param>
    /// <param name="tenant">Whose.</param>
    /// <param name="endpoint">To whom.</param>
    /// <param name="minutesAgo">When it was made and given up.</param>
    /// <param name="cause">The number of its cause: 4 for an endpoint that was down.</param>
    /// <param name="status">3 for a dead letter.</param>
    /// <param name="original">What it is a replay of.</param>
    public static async Task<Guid> FailedDeliveryAsync(
        this NpgsqlDataSource source, string tenant, Guid endpoint, int minutesAgo = 5, int cause = 4, int status = 3, Guid? original = null)
    {
        var id = Guid.CreateVersion7(DateTimeOffset.UtcNow.AddMinutes(-minutesAgo));
        await source.ExecuteAsync(
            $"""
            insert into command_center.deliveries (id, message_id, endpoint_id, tenant_id, event_id, event_type, severity, status, error, triage, cause,
                http_status, attempts, created_at, completed_at, original_id, body)
            values ('{id}', 'msg_{id}', '{endpoint}', '{tenant}', 'event', 'lead.created', 0, {status}, 1, 2, {cause}, 502, 10,
                now() - interval '{minutesAgo} min', now() - interval '{minutesAgo} min', {(original is { } of ? $"'{of}'" : "null")}, '')
            """);
        return id;
    }

    public static async Task ExecuteAsync(this NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
