using AetherLink.CommandCenter.Events.Committing;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Streaming;

/// <summary>Moves the live tail on.</summary>
internal sealed class FeedLoop(EventFeed feed, DatabaseReady database, ILogger<FeedLoop> logger) : BackgroundLoop(logger)
{
    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        var isAway = false;
        while (true)
        {
            try
            {
                await feed.AdvanceAsync(stopping);
                isAway = false;
            }
            catch (NpgsqlException away)
            {
                // The next pulse asks again: the growing delay of a failed loop would keep the readers waiting for long after.
                if (!isAway)
                {
                    Log.FeedWaits(_logger, away.Message);
                }
                isAway = true;
            }
            await feed.WaitAsync(stopping);
        }
    }
}

/// <summary>Hears of the commits of other replicas, and of what has moved without one's event.</summary>
internal sealed class CommitListener(
    CommitSignal signal, EventFeed feed, NpgsqlDataSource source, DatabaseReady database, ILogger<CommitListener> logger) : BackgroundLoop(logger)
{
    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        await using var connection = await source.OpenConnectionAsync(stopping);
        connection.Notification += (_, told) =>
        {
            if (told.Channel == Moved.Channel)
            {
                feed.Moved(Moved.Read(told.Payload));
            }
            else if (told.Payload != signal.Origin)
            {
                signal.Pulse();
            }
        };
        await using (var listen = new NpgsqlCommand($"listen {EventWriter.Channel}; listen {Moved.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stopping);
        }
        // What was told while nobody listened here was told to nobody.
        feed.Moved([null]);
        while (true)
        {
            await connection.WaitAsync(stopping);
        }
    }
}

/// <summary>Pulses once a second in any case: that bounds what a lost notification costs.</summary>
internal sealed class PulseLoop(CommitSignal signal, TimeProvider clock, ILogger<PulseLoop> logger) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, Clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            signal.Pulse();
        }
    }
}

/// <summary>Shows every reader that the stream lives.</summary>
internal sealed class HeartbeatLoop(EventFeed feed, TimeProvider clock, ILogger<HeartbeatLoop> logger) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, Clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            feed.Heartbeat();
        }
    }
}
