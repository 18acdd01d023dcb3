namespace AetherLink.ServiceDefaults;

/// <summary>
/// The one base of background work: runs its body, starts it again with a growing delay when it throws, and ends with the
/// host. A body that returns is done.
/// </summary>
public abstract class BackgroundLoop(ILogger logger, TimeProvider? clock = null) : BackgroundService
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>A body that ran this long before it failed was well: its delay begins again at the first.</summary>
    private static readonly TimeSpan Well = TimeSpan.FromMinutes(1);

    /// <summary>The clock of the delays.</summary>
    protected TimeProvider Clock { get; } = clock ?? TimeProvider.System;

    /// <summary>The work. Cancelled when the host stops.</summary>
    protected abstract Task RunAsync(CancellationToken stopping);

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = FirstDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = Clock.GetTimestamp();
            try
            {
                await RunAsync(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it was: the loop is what keeps the work going.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (stoppingToken.IsCancellationRequested)
                    return;
                delay = Clock.GetElapsedTime(started) > Well ? FirstDelay : delay;
                Log.LoopFailed(logger, exception, GetType().Name, delay.TotalSeconds);
            }

            await Task.Delay(delay, Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }
}
