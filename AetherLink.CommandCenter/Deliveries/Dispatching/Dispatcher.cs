using AetherLink.ServiceDefaults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>Claims what is due and sends it, as much side by side as there is room for.</summary>
internal sealed class Dispatcher(
    Claiming claiming, Sending sending, Recording recording, Holding holding, InFlight inFlight, DispatchSignal signal,
    DatabaseReady database, IOptions<DeliveryOptions> options, TimeProvider clock, ILogger<Dispatcher> logger)
    : BackgroundLoop(logger, clock)
{
    /// <summary>What is on its way at the end may come to its end; more than this, and the host's own grace would be over.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = logger;
    private readonly CancellationTokenSource _cutOff = new();

    // What is leased counts as on its way only after the round trip that leases it.
    private readonly SemaphoreSlim _leasing = new(1);

    /// <summary>
    /// For what is leased to this replica together with its enqueuing, so that it need not be claimed. Null when there is no room.
    /// </summary>
    public async Task<Vacancy?> ReserveAsync(CancellationToken cancellationToken)
    {
        // A claim that is under way takes one round trip. To enqueue without a lease instead would make the next one.
        await _leasing.WaitAsync(cancellationToken);
        if (Vacant() is { } vacancy)
        {
            return vacancy;
        }
        _leasing.Release();
        return null;
    }

    /// <summary>Sends what was leased; within the time for which its room was reserved.</summary>
    public void Send(List<Claim> claims)
    {
        claims.ForEach(claim => inFlight.Enter(claim.Endpoint, claim.FilledTheRoom));
        claims.ForEach(claim => _ = SendAsync(claim));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _cutOff.CancelAfter(Grace);
        await inFlight.DrainedAsync().WaitAsync(Grace * 1.5, Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _cutOff.Dispose();
        _leasing.Dispose();
        base.Dispose();
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        var isAway = false;
        while (true)
        {
            var isMore = false;
            try
            {
                isMore = await ClaimAsync(stopping);
                isAway = false;
            }
            catch (NpgsqlException away)
            {
                // The next pulse asks again: the growing delay of a failed loop would keep everybody waiting for long after.
                if (!isAway)
                {
                    Log.QueueIsAway(_logger, away.Message);
                }
                isAway = true;
            }
            if (!isMore)
            {
                await signal.WaitAsync(stopping);
            }
        }
    }

    /// <summary>Whether there may be more at once.</summary>
    private async Task<bool> ClaimAsync(CancellationToken stopping)
    {
        using var vacancy = await ReserveAsync(stopping);
        if (vacancy is null)
        {
            return holding.Holder is not null && !inFlight.TryWaitForRoom(options.Value.Concurrency);
        }
        var claims = await claiming.ClaimAsync(vacancy, stopping);
        Send(claims);
        return claims.Count == Math.Min(vacancy.Places, Claiming.MostAClaim);
    }

    private Vacancy? Vacant() =>
        holding.Holder is { } holder ? Vacancy.Of(holder, inFlight, options.Value, () => _leasing.Release()) : null;

    private async Task SendAsync(Claim claim)
    {
        // Off the loop that claims: signing a large body takes its time.
        await Task.Yield();
        recording.Add(new(claim, await sending.SendAsync(claim.Message, _cutOff.Token)));
    }
}
