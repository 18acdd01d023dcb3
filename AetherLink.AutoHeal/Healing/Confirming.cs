using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Watching;

namespace AetherLink.AutoHeal.Healing;

/// <summary>Looks again, before a restart for failed probes alone: what answers in between is not down.</summary>
internal sealed class Confirming(Fleet fleet, GovernorLimits limits, TimeProvider clock)
{
    /// <summary>Long enough for a dropped connection to be another one, short against the outage of a target that is down.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <param name="target">What would be restarted.</param>
    /// <param name="request">Who wants it.</param>
    /// <param name="see">Takes in what a look shows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ConfirmAsync(HealTarget target, Request request, Action<Sighting> see, CancellationToken cancellationToken)
    {
        for (var left = limits.Confirmations; left > 0; left--)
        {
            if (fleet.Find(target.Name) is not { Proven: false } || fleet.Ask(target.Name, request).Ruling != Ruling.Restart)
                return;
            await Task.Delay(Interval, clock, cancellationToken);
            see(await target.LookAsync(cancellationToken));
        }
    }
}
