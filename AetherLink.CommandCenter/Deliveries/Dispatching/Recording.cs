using System.Threading.Channels;
using Npgsql;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>An attempt that ended.</summary>
internal sealed record Attempt(Claim Claim, Outcome Outcome);

/// <summary>
/// Records how attempts ended, as many as have gathered in one transaction. What Postgres does not take is kept and tried again:
/// until then its room stays taken, so that nothing piles up.
/// </summary>
internal sealed class Recording(
    AttemptRecord record, InFlight inFlight, DispatchSignal signal, DeliveryMetrics metrics, TimeProvider clock, ILogger<Recording> logger)
    : BackgroundService
{
    private const int MostACommit = 500;

    private const int TriesWithTexts = 3;

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>With the dispatcher's own grace within what the host has for its stop.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Channel<Attempt> _ended = Channel.CreateUnbounded<Attempt>(new UnboundedChannelOptions { SingleReader = true });

    public void Add(Attempt attempt) => _ended.Writer.TryWrite(attempt);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The dispatcher has stopped before: what has ended is recorded, and what has not is taken over by whoever comes next.
        _ended.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(Grace, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var attempts = new List<Attempt>(MostACommit);
        while (await _ended.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (attempts.Count < MostACommit && _ended.Reader.TryRead(out var attempt))
            {
                attempts.Add(attempt);
            }
            if (!await RecordAsync(attempts, stoppingToken))
            {
                return;
            }
            attempts.Clear();
        }
    }

    /// <summary>False when the host stopped before Postgres took it.</summary>
    private async Task<bool> RecordAsync(List<Attempt> attempts, CancellationToken stopping)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await record.WriteAsync(attempts, CancellationToken.None);
                break;
            }
#pragma warning disable CA1031 // Whatever it was: giving up would leave every place in flight taken for ever.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (tries == 1)
                {
                    Log.RecordingWaits(logger, attempts.Count, failure);
                }
                if (failure is PostgresException { IsTransient: false } && tries == TriesWithTexts)
                {
                    // A text that Postgres does not take must not hold up all others for ever: what it says is the least of it.
                    attempts = [.. attempts.Select(attempt => attempt with { Outcome = attempt.Outcome with { Detail = null, ResponseHead = null } })];
                }
            }
            if (stopping.IsCancellationRequested)
            {
                return false;
            }
            await Task.Delay(AskAgain, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        var somebodyWaits = false;
        foreach (var attempt in attempts)
        {
            metrics.Attempted(attempt.Outcome);
            somebodyWaits |= inFlight.Leave(attempt.Claim.Endpoint);
        }
        if (somebodyWaits)
        {
            signal.Pulse();
        }
        return true;
    }
}
