using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>Probes every service of the catalogue, side by side, so that a slow one delays no other.</summary>
internal sealed class Probing(
    Catalogue catalogue, Registrations registrations, HealthBoard board, Announcer announcer, Versions versions, IHttpClientFactory clients, NpgsqlDataSource source,
    DatabaseReady database, IOptions<MeshOptions> options, IHostEnvironment environment, IHostApplicationLifetime lifetime,
    TimeProvider clock, ILogger<Probing> logger) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = logger;
    private readonly ConcurrentDictionary<string, long> _asked = new(StringComparer.Ordinal);
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(options.Value.ProbeTimeoutSeconds);
    private readonly TimeSpan _grace = TimeSpan.FromSeconds(options.Value.GraceSeconds);

    private Task _renewing = Task.CompletedTask;
    private Task _asking = Task.CompletedTask;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        // The own address is known when the server has bound it.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);

        using var timer = new PeriodicTimer(options.Value.ProbeInterval(environment), Clock);
        do
        {
            await RenewCatalogueAsync(stopping);
            var entries = catalogue.Known;
            await Task.WhenAll(entries.Select(entry => ProbeAsync(entry, stopping)));
            board.KeepOnly(entries.Select(entry => entry.Name));
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <summary>
    /// A storage that takes what it is asked and does not answer holds up nobody: a command that is cancelled waits for the server too, so
    /// it is left to itself, and none is begun beside it.
    /// </summary>
    private async Task RenewCatalogueAsync(CancellationToken stopping)
    {
        if (!database.IsReady)
        {
            return;
        }
        if (_renewing.IsCompleted)
        {
            _renewing = RenewAsync(stopping);
        }
        if (await Task.WhenAny(_renewing, Task.Delay(_timeout, Clock, stopping)) == _renewing)
        {
            await _renewing;
        }
    }

    private async Task RenewAsync(CancellationToken stopping)
    {
        try
        {
            await registrations.RemoveExpiredAsync(stopping);
            await catalogue.ReadAsync(stopping);
        }
        catch (Exception away) when (away is NpgsqlException or InvalidOperationException { InnerException: NpgsqlException })
        {
            Log.CatalogueIsOld(_logger, away.Message);
        }
    }

    private async Task ProbeAsync(ServiceEntry entry, CancellationToken stopping)
    {
        var probe = entry.Name == catalogue.Self ? await ProbeStorageAsync(stopping) : await ProbeHttpAsync(entry, stopping);
        var cameUp = probe.Status is HealthStatus.Up && !board.IsUp(entry.Name);
        var change = board.Note(entry, probe, _grace);
        // Another version comes with another start, which mostly is seen; one that falls between two probes is found out a little later.
        if (entry.Source is EntrySource.Aspire && probe.Status is HealthStatus.Up
            && (cameUp || board.VersionOf(entry.Name) is null || Clock.GetElapsedTime(_asked.GetValueOrDefault(entry.Name)) > AskAgain))
        {
            _asked[entry.Name] = Clock.GetTimestamp();
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            timeout.CancelAfter(_timeout);
            await versions.NoteAsync(entry, timeout.Token);
        }
        // Another process, or another replica, may have announced a failure that ended before this one looked.
        var isFirstSight = change is HealthChange.None;
        if (isFirstSight && !cameUp)
        {
            return;
        }
        var failed = change is HealthChange.Failed;
        announcer.AnnounceChange(
            $"health/{entry.Name}",
            failed ? "failed" : "well",
            failed ? EventTypes.ServiceHealthFailed : EventTypes.ServiceHealthRecovered,
            failed ? Severity.Error : Severity.Info,
            new JsonObject
            {
                ["name"] = entry.Name,
                ["url"] = entry.Url,
                ["status"] = probe.Status.Name(),
                ["error"] = probe.Error,
                ["since"] = Clock.GetUtcNow().UtcDateTime,
            },
            isFirstSight);
    }

    private async Task<Probe> ProbeHttpAsync(ServiceEntry entry, CancellationToken stopping)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timeout.CancelAfter(_timeout);
        var started = Clock.GetTimestamp();
        try
        {
            using var client = clients.CreateClient(MeshClients.Probe);
            using var answer = await client.GetAsync(
                new Uri(entry.HealthUrl), HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return Probe.Answered((int)answer.StatusCode, Clock.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return Probe.Failed($"No answer within {_timeout.TotalSeconds} s.");
        }
        catch (HttpRequestException refused)
        {
            return Probe.Failed(refused.Message);
        }
    }

    /// <summary>This service is as well as its storage; asking itself over HTTP would only prove that it can.</summary>
    private async Task<Probe> ProbeStorageAsync(CancellationToken stopping)
    {
        var started = Clock.GetTimestamp();
        if (_asking.IsCompleted)
        {
            _asking = AskStorageAsync(stopping);
        }
        try
        {
            await _asking.WaitAsync(_timeout, Clock, stopping);
            return Probe.Answered(200, Clock.GetElapsedTime(started)) with { HttpStatus = null };
        }
        catch (TimeoutException)
        {
            return Probe.Failed($"The storage did not answer within {_timeout.TotalSeconds} s.");
        }
        catch (NpgsqlException away)
        {
            return Probe.Failed($"The storage is away: {away.Message}");
        }
    }

    private async Task AskStorageAsync(CancellationToken stopping)
    {
        await using var command = source.CreateCommand("select 1");
        await command.ExecuteScalarAsync(stopping);
    }
}
