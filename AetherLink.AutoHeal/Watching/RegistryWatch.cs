using System.Text.Json;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Watching;

/// <summary>
/// Watches what the Command Center's catalogue names. A name of an enrolled target stays that target's, and what leaves the
/// catalogue is no longer watched; while the Command Center is away, what it said last counts.
/// </summary>
internal sealed class RegistryWatch(
    HealSettings settings, WatchList list, Rounds rounds, Fleet fleet, Probe probe, ServiceIdentity identity, IHttpClientFactory clients,
    ILogger<RegistryWatch> logger, TimeProvider clock) : BackgroundLoop(logger, clock)
{
    public const string Client = "catalogue";
    public const string CommandCenter = "command-center";

    /// <summary>Services come and go by hand; nobody waits for this.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, KnownTarget> _known = new(StringComparer.Ordinal);
    private bool _isAway;
    private int _told = -1;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (!settings.PullsFromRegistry)
            return;
        var pause = settings.Interval < LongestPause ? settings.Interval : LongestPause;
        while (true)
        {
            if (await ReadAsync(stopping) is { } services)
                Watch(services);
            await Task.Delay(pause, Clock, stopping);
        }
    }

    private async Task<IReadOnlyList<CatalogueEntry>?> ReadAsync(CancellationToken stopping)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        time.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient(Client);
            var services = new List<CatalogueEntry>();
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await client.GetFromJsonAsync<CatalogueAnswer>(
                    cursor.Length == 0 ? "/ops/services" : $"/ops/services?cursor={Uri.EscapeDataString(cursor)}", Json.Wire, time.Token);
                services.AddRange(page?.Services ?? []);
                cursor = page?.NextCursor;
            }
            _isAway = false;
            return services;
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested && failure is HttpRequestException or OperationCanceledException or JsonException)
        {
            if (!_isAway)
                Log.CatalogueAway(logger, failure.Message);
            _isAway = true;
            return null;
        }
    }

    private void Watch(IReadOnlyList<CatalogueEntry> services)
    {
        var named = services.Where(service => service.Name != identity.Resource && IsAskedOverHttp(service.HealthUrl))
            .ToDictionary(service => service.Name, service => new Uri(service.HealthUrl), StringComparer.Ordinal);
        foreach (var target in _known.Values.Where(target => named.GetValueOrDefault(target.Name) != target.Health || IsTaken(target.Name)).ToArray())
        {
            _known.Remove(target.Name);
            rounds.Remove(target.Name);
            if (list.RemoveOnly(target))
                fleet.Unwatch(target.Name);
        }

        foreach (var (name, health) in named.Where(pair => !_known.ContainsKey(pair.Key) && list.Find(pair.Key) is null))
        {
            var target = new KnownTarget(name, health, probe, KnownTarget.InCatalogue);
            _known[name] = target;
            list.Put(target);
            rounds.Add(target);
        }

        if (_known.Count != _told)
            Log.CatalogueRead(logger, _told = _known.Count);
    }

    /// <summary>Anyone who registers writes it: what signs in to a database is for those alone whom the settings name.</summary>
    private static bool IsAskedOverHttp(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";

    private bool IsTaken(string name) => list.Find(name) is { IsEnrolled: true };
}

internal sealed record CatalogueAnswer(IReadOnlyList<CatalogueEntry>? Services, string? NextCursor = null);

internal sealed record CatalogueEntry(string Name, string HealthUrl);
