using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>Asks the services of the mesh which version they are and whether they enforce anything, and tells of another version.</summary>
internal sealed class Versions(
    IHttpClientFactory clients, HealthBoard board, Announcer announcer, ChangeLog changes, ServiceIdentity identity, Enforcement enforcement, DatabaseReady database,
    ILogger<Versions> logger)
{
    /// <summary>Also tells of a version that changed while no Command Center was there to see it.</summary>
    public async Task NoteAsync(ServiceEntry entry, CancellationToken cancellationToken)
    {
        var (version, isOpen) = entry.Name == identity.Resource ? (identity.Version, !enforcement.IsOn) : await AskAsync(entry, cancellationToken);
        if (version is null)
        {
            return;
        }
        board.NoteOpen(entry.Name, isOpen);
        var subject = $"version/{entry.Name}";
        if ((board.VersionOf(entry.Name) ?? await ToldAsync(subject, version, cancellationToken)) is not { } before)
        {
            return;
        }
        board.NoteVersion(entry.Name, version);
        if (before != version)
        {
            announcer.AnnounceChange(subject, version, EventTypes.ServiceVersionChanged, Severity.Info, new JsonObject
            {
                ["name"] = entry.Name,
                ["from"] = before,
                ["to"] = version,
            });
        }
    }

    /// <summary>Null while the storage is away: the next probe asks again.</summary>
    private async Task<string?> ToldAsync(string subject, string version, CancellationToken cancellationToken)
    {
        if (!database.IsReady)
        {
            return null;
        }
        try
        {
            return await changes.LastAsync(subject, version, cancellationToken);
        }
        catch (NpgsqlException away)
        {
            Log.VersionWaits(logger, subject, away.Message);
            return null;
        }
    }

    /// <summary>Null when it does not say.</summary>
    private async Task<(string? Version, bool IsOpen)> AskAsync(ServiceEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(MeshClients.Probe);
            var ping = await client.GetFromJsonAsync<JsonElement>(new Uri(entry.Url + "/ping"), cancellationToken);
            return ping.ValueKind is JsonValueKind.Object && ping.TryGetProperty("version", out var version)
                ? (version.GetString(), ping.TryGetProperty("rbac_enabled", out var enforced) && enforced.ValueKind is JsonValueKind.False)
                : default;
        }
        catch (Exception silent) when (silent is HttpRequestException or JsonException or InvalidOperationException or OperationCanceledException)
        {
            return default;
        }
    }
}
