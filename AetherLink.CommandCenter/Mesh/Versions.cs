using System.Text.Json;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>Asks a service of the mesh which version it is.</summary>
internal sealed class Versions(IHttpClientFactory clients)
{
    /// <summary>Null when it does not say.</summary>
    public async Task<string?> AskAsync(ServiceEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(MeshClients.Probe);
            var ping = await client.GetFromJsonAsync<JsonElement>(new Uri(entry.Url + "/ping"), cancellationToken);
            return ping.ValueKind is JsonValueKind.Object && ping.TryGetProperty("version", out var version) ? version.GetString() : null;
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException or InvalidOperationException or OperationCanceledException)
        {
            return null;
        }
    }
}
