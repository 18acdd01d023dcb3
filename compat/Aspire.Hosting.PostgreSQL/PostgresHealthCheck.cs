using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting.Postgres;

/// <summary>A database is healthy when it lets its user in and answers.</summary>
internal sealed class PostgresHealthCheck(
    PostgresServerResource server,
    ReferenceExpression connectionString,
    string database,
    LocalPostgres? local) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // A server that is still starting logs every refused connection as an error: ask its status file first.
        if (local?.Status is { } status && status != LocalPostgres.Ready)
        {
            return HealthCheckResult.Unhealthy($"{server.Name} is {status}");
        }

        try
        {
            var serverConnection = await connectionString.GetValueAsync(cancellationToken).ConfigureAwait(false);
            if (database != "postgres" && !await PostgresDatabases.ExistsAsync(serverConnection!, database, cancellationToken).ConfigureAwait(false))
            {
                return HealthCheckResult.Unhealthy($"the database '{database}' is not there yet");
            }

            var connection = await PostgresDatabases.OpenAsync(serverConnection!, database, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var command = new NpgsqlCommand("select 1", connection);
                await using (command.ConfigureAwait(false))
                {
                    await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy(exception.Message, exception);
        }
    }
}
