using AetherLink.CommandCenter.Events.Committing;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Announcing;

/// <summary>Stores the own events in their order, and waits with them while the storage is away.</summary>
internal sealed class AnnouncingLoop(
    Announcer announcer, GroupCommit commit, ChangeLog changes, DatabaseReady database, TimeProvider clock, ILogger<AnnouncingLoop> logger)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private bool _complained;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // What the group commit takes now it still commits before the end. A change is seen by the next process too.
        while (announcer.Waiting.TryRead(out var next))
        {
            if (next.Change is null)
            {
                _ = commit.TrySubmit([next.Event]);
            }
        }
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        while (await announcer.Waiting.WaitToReadAsync(stopping))
        {
            // It is taken off when it is stored: a fault in between leaves it where it is.
            while (announcer.Waiting.TryPeek(out var next))
            {
                if (await TryStoreAsync(next, stopping))
                {
                    announcer.Waiting.TryRead(out _);
                }
                else
                {
                    await Task.Delay(AskAgain, Clock, stopping);
                }
            }
        }
    }

    private async Task<bool> TryStoreAsync(Announcement next, CancellationToken stopping)
    {
        try
        {
            if (next.Change is { } change)
            {
                await changes.StoreAsync(next.Event, change, stopping);
            }
            else if (commit.TrySubmit([next.Event]) is { } submitted)
            {
                await submitted;
            }
            else
            {
                return false;
            }
            _complained = false;
            return true;
        }
        catch (Exception away) when (away is StorageUnavailableException or NpgsqlException && !stopping.IsCancellationRequested)
        {
            if (!_complained)
            {
                Log.AnnouncementsWait(_logger, next.Event.EventType, away.Message);
            }
            _complained = true;
            return false;
        }
    }
}
