using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.AutoHeal.Watching;

/// <summary>Asks an address whether it is well.</summary>
internal sealed class Probe(IHttpClientFactory clients, IConfiguration configuration)
{
    /// <summary>
    /// A connection of its own for each probe, as kubelet has it: one that was kept says that the process lives, and not that it takes new ones,
    /// and ten thousand that are kept from one interval to the next are memory and sockets for nothing. What was not connected in time is not
    /// waited for behind the probe's back either.
    /// </summary>
    public static void SetUp(SocketsHttpHandler handler) =>
        (handler.PooledConnectionLifetime, handler.ConnectTimeout) = (TimeSpan.Zero, HealSettings.ProbeTimeout);

    /// <returns>What is wrong, or null when it is well.</returns>
    public async Task<string?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(HealSettings.ProbeTimeout);
        try
        {
            return address.Scheme == EnrolledService.ConnectionString
                ? await SignInAsync(address, time.Token)
                : await GetAsync(address, time.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{address} did not answer within {HealSettings.ProbeTimeout.TotalSeconds} s.";
        }
        catch (Exception failure) when (failure is HttpRequestException or NpgsqlException or TimeoutException)
        {
            return $"{address} cannot be reached: {failure.Message}";
        }
    }

    private async Task<string?> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(MeshClients.Probe);
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.IsSuccessStatusCode ? null : $"{address} answered {(int)response.StatusCode}.";
    }

    /// <summary>A connection of its own each time: one from a pool would say how the database was.</summary>
    private async Task<string?> SignInAsync(Uri address, CancellationToken cancellationToken)
    {
        var name = address.AbsolutePath;
        if (configuration.GetConnectionString(name) is not { Length: > 0 } text)
            return $"There is no connection string {name}.";
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(text) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("select 1", connection);
        await ask.ExecuteScalarAsync(cancellationToken);
        return null;
    }
}
