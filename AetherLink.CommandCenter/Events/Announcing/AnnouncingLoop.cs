using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Announcing;

/// <summary>Stores what was seen in its order, and waits with it while the storage is away.</summary>
internal sealed class AnnouncingLoop(
    Announcer announcer, ChangeLog changes, DatabaseReady database, TimeProvider clock, ILogger<AnnouncingLoop> logger)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private bool _complained;

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
            await changes.StoreAsync(next.Event, next.Change, stopping);
            _complained = false;
            return true;
        }
        catch (NpgsqlException away) when (!stopping.IsCancellationRequested)
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
