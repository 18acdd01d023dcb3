using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Deliveries.Replaying;

/// <summary>Works the bulk replays off, on whichever replica gets to it.</summary>
internal sealed class ReplayLoop(ReplayJobs jobs, DatabaseReady database, TimeProvider clock, ILogger<ReplayLoop> logger)
    : BackgroundLoop(logger, clock)
{
    /// <summary>Somebody who asked for thousands waits that long for the first.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            while (await jobs.StepAsync(stopping))
            {
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }
}
