using System.Text.Json;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>Which service is known, which is watched, and which is healed; and what is missing where.</summary>
internal static class ReconciliationApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapReconciliation(this RouteGroupBuilder ops) =>
        ops.MapGet("/reconciliation", GetAsync).RequireAuthorization(Policies.ViewOps)
            .WithName("Reconciliation").WithSummary("Registered, monitored, healed: which service is in which, and the gaps.");

    private static async Task<Ok<Reconciliation>> GetAsync(
        Catalogue catalogue, HealthBoard board, IHttpClientFactory clients, ILogger<Catalogue> logger, CancellationToken cancellationToken)
    {
        var registered = await catalogue.ReadAsync(cancellationToken);
        var healer = await ReadHealerAsync(clients, logger, cancellationToken);
        return TypedResults.Ok(Reconciliation.Of(
            registered.Select(service => service.Name).ToHashSet(StringComparer.Ordinal),
            board.Current.Services.Where(service => service.Value.Status is not HealthStatus.Unknown)
                .Select(service => service.Key).ToHashSet(StringComparer.Ordinal),
            healer));
    }

    /// <returns>Null when AutoHeal cannot be asked: then nobody knows, and nothing is called a gap for it.</returns>
    private static async Task<IReadOnlyDictionary<string, bool>?> ReadHealerAsync(
        IHttpClientFactory clients, ILogger logger, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient(HealingApi.AutoHeal);
            var status = await client.GetFromJsonAsync<JsonElement>("autoheal/status", patience.Token);
            return status.GetProperty("targets").EnumerateArray().ToDictionary(
                target => target.GetProperty("name").GetString()!, target => target.GetProperty("enrolled").GetBoolean(), StringComparer.Ordinal);
        }
        catch (Exception away) when (!cancellationToken.IsCancellationRequested)
        {
            Log.AutoHealIsAway(logger, away.Message);
            return null;
        }
    }
}

/// <param name="Status">complete, or partial while AutoHeal does not answer: what it heals is unknown then.</param>
/// <param name="Services">Every service that anybody knows, by name.</param>
/// <param name="Gaps">Sentences, one for each that is missing somewhere.</param>
internal sealed record Reconciliation(string Status, IReadOnlyList<ReconciledService> Services, IReadOnlyList<string> Gaps)
{
    /// <param name="registered">The catalogue.</param>
    /// <param name="monitored">What the Command Center probes, and has an answer of.</param>
    /// <param name="healer">AutoHeal's targets, and whether they are enrolled; null when it is away.</param>
    public static Reconciliation Of(
        IReadOnlySet<string> registered, IReadOnlySet<string> monitored, IReadOnlyDictionary<string, bool>? healer)
    {
        ReconciledService[] services =
        [
            .. registered.Union(monitored).Union(healer?.Keys ?? []).Order(StringComparer.Ordinal).Select(name => new ReconciledService(
                name, registered.Contains(name), monitored.Contains(name) || healer?.ContainsKey(name) is true,
                healer is null ? null : healer.GetValueOrDefault(name))),
        ];
        return new(healer is null ? "partial" : "complete", services, [.. services.SelectMany(service => service.Gaps())]);
    }
}

/// <param name="Name">The service.</param>
/// <param name="Registered">The catalogue has it.</param>
/// <param name="Monitored">The Command Center or AutoHeal probes it.</param>
/// <param name="Healed">AutoHeal may restart it; null when AutoHeal cannot be asked.</param>
internal sealed record ReconciledService(string Name, bool Registered, bool Monitored, bool? Healed)
{
    public IEnumerable<string> Gaps()
    {
        if (!Registered)
            yield return $"{Name} is watched by AutoHeal and is not in the catalogue.";
        if (!Monitored)
            yield return $"{Name} is in the catalogue and has not been probed.";
        // A healer does not restart itself: that is no gap.
        if (Healed is false && Name != HealingApi.AutoHeal)
            yield return $"{Name} is not enrolled: nobody restarts it when it is down.";
    }
}
