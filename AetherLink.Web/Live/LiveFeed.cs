using AetherLink.ServiceDefaults;

namespace AetherLink.Web.Live;

/// <summary>The one subscription for all browsers of this replica: it resumes after each break where it had been.</summary>
internal sealed class LiveFeed(LiveHub hub, CommandCenterStream upstream, ILogger<LiveFeed> logger, TimeProvider clock)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Short, because a healed Command Center should be seen at once, and one connection attempt costs nothing.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(3);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        var delay = FirstDelay;
        while (!stopping.IsCancellationRequested)
        {
            if (await ReadUntilItBreaksAsync(stopping))
                delay = FirstDelay;
            await Task.Delay(delay, Clock, stopping);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    /// <returns>Whether anything was heard.</returns>
    private async Task<bool> ReadUntilItBreaksAsync(CancellationToken stopping)
    {
        var heard = false;
        try
        {
            await foreach (var (at, message) in upstream.ReadAsync(hub.Position, stopping))
            {
                if (at is not { } sequence)
                {
                    hub.Pass(message);
                    continue;
                }
                if (!heard)
                {
                    Log.Listening(logger, sequence);
                    // A first event that is not announced stands at the end of what the ring lacks.
                    hub.Opened(message is null ? sequence : sequence - 1);
                    heard = true;
                }
                if (message is not null)
                    hub.Publish(message);
            }
            Log.Ended(logger);
        }
        catch (UnknownPositionException)
        {
            Log.StartsOver(logger, hub.Position);
            hub.StartOver();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            if (stopping.IsCancellationRequested)
                return heard;
            // Once for an absence, not once for each attempt.
            if (hub.Lost())
                Log.Lost(logger, exception.Message);
            return heard;
        }
        hub.Lost();
        return heard;
    }
}
