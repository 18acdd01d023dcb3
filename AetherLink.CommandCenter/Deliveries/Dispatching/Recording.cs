using System.Threading.Channels;
using AetherLink.CommandCenter.Events.Streaming;
using Npgsql;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>An attempt that ended.</summary>
internal sealed record Attempt(Claim Claim, Outcome Outcome);

/// <summary>
/// Records how attempts ended, as many as have gathered in one transaction. What Postgres does not take is kept and tried again:
/// until then its room stays taken, so that nothing piles up.
/// </summary>
internal sealed class Recording(
    AttemptRecord record, InFlight inFlight, DispatchSignal signal, Moved moved, DeliveryMetrics metrics, TimeProvider clock,
    ILogger<Recording> logger)
    : BackgroundService
{
    private const int MostACommit = 500;

    private const int TriesWithTexts = 3;

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long what failed waits for company: seconds pass before it is tried again, and a commit for each time-out of a stuck
    /// endpoint would be one that the deliveries to the others wait for.
    /// </summary>
    private static readonly TimeSpan Company = TimeSpan.FromMilliseconds(100);

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
            TakeWhatIsThere(attempts);
            if (IsInNoHurry(attempts))
            {
                await WaitForCompanyAsync(attempts);
            }
            if (!await RecordAsync(attempts, stoppingToken))
            {
                return;
            }
            attempts.Clear();
        }
    }

    private void TakeWhatIsThere(List<Attempt> attempts)
    {
        while (attempts.Count < MostACommit && _ended.Reader.TryRead(out var attempt))
        {
            attempts.Add(attempt);
        }
    }

    private static bool IsInNoHurry(List<Attempt> attempts) =>
        attempts.Count < MostACommit && !attempts.Exists(attempt => attempt.Outcome.IsSuccess);

    /// <summary>A success waits for nobody, nor does the end.</summary>
    private async Task WaitForCompanyAsync(List<Attempt> attempts)
    {
        using var enough = new CancellationTokenSource();
        var patience = Task.Delay(Company, clock, enough.Token);
        while (IsInNoHurry(attempts))
        {
            var more = _ended.Reader.WaitToReadAsync(enough.Token).AsTask();
            if (await Task.WhenAny(more, patience) == patience || !await more)
            {
                break;
            }
            TakeWhatIsThere(attempts);
        }
        await enough.CancelAsync();
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
                if (failure is PostgresException { IsTransient: false } or not NpgsqlException && tries == TriesWithTexts)
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
            moved.Note(attempt.Claim.Notice.TenantId);
            somebodyWaits |= inFlight.Leave(attempt.Claim.Endpoint);
        }
        if (somebodyWaits)
        {
            signal.Pulse();
        }
        return true;
    }
}
