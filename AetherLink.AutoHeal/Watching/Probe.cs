using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Watching;

/// <summary>Asks an address whether it is well.</summary>
internal sealed class Probe(IHttpClientFactory clients)
{
    /// <returns>What is wrong, or null when it is well.</returns>
    public async Task<string?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(HealSettings.ProbeTimeout);
        try
        {
            using var client = clients.CreateClient(MeshClients.Probe);
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, time.Token);
            return response.IsSuccessStatusCode ? null : $"{address} answered {(int)response.StatusCode}.";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{address} did not answer within {HealSettings.ProbeTimeout.TotalSeconds} s.";
        }
        catch (HttpRequestException failure)
        {
            return $"{address} cannot be reached: {failure.Message}";
        }
    }
}
