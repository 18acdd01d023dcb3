using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Deliveries.Signing;

/// <summary>Once at the start: seals what lies open from before, and what an earlier mesh key has sealed.</summary>
internal sealed class Sealing(
    SecretVault vault, NpgsqlDataSource source, DatabaseReady database, TimeProvider clock, ILogger<Sealing> logger) : BackgroundLoop(logger, clock)
{
    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        var (rest, lost) = (await NotSealedAsync(stopping), 0);
        foreach (var row in rest)
        {
            if (vault.Open(row.Secret, row.Id) is { } secret)
            {
                await SealAsync(row, secret, vault.Open(row.Previous, row.Id), stopping);
            }
            else
            {
                lost++;
            }
        }
        if (rest.Count > lost)
        {
            Log.SecretsSealed(_logger, rest.Count - lost);
        }
        if (lost > 0)
        {
            Log.SecretsLost(_logger, lost);
        }
    }

    private async Task<List<Row>> NotSealedAsync(CancellationToken stopping)
    {
        await using var command = source.CreateCommand(
            """
            select id, secret, previous_secret from command_center.webhook_endpoints
            where deleted_at is null and (not starts_with(secret, $1) or not starts_with(previous_secret, $1))
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = vault.Prefix });
        await using var reader = await command.ExecuteReaderAsync(stopping);
        var rows = new List<Row>();
        while (await reader.ReadAsync(stopping))
        {
            rows.Add(new(reader.GetGuid(0), new(reader.GetString(1)), reader.IsDBNull(2) ? null : new(reader.GetString(2))));
        }
        return rows;
    }

    /// <summary>Unless it was changed in between: then it is sealed.</summary>
    private async Task SealAsync(Row row, SigningSecret secret, SigningSecret? previous, CancellationToken stopping)
    {
        await using var command = source.CreateCommand(
            "update command_center.webhook_endpoints set secret = $3, previous_secret = $4 where id = $1 and secret = $2");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = row.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Secret.Text });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = vault.Seal(secret, row.Id).Text });
        command.Parameters.Add(new NpgsqlParameter<string?>
        {
            TypedValue = previous is null ? null : vault.Seal(previous, row.Id).Text,
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text,
        });
        await command.ExecuteNonQueryAsync(stopping);
    }

    private sealed record Row(Guid Id, SealedSecret Secret, SealedSecret? Previous);
}
