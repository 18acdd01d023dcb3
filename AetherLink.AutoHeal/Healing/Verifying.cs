using AetherLink.AutoHeal.Settings;
using AetherLink.AutoHeal.Watching;

namespace AetherLink.AutoHeal.Healing;

/// <summary>Asks a restarted target again and again until it is well, or has ended once more, or the time is over.</summary>
internal sealed class Verifying(HealSettings settings, TimeProvider clock)
{
    /// <summary>How often: a person is waiting.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>What is seen to have ended for so long has: right after a command its state may still be the one before.</summary>
    private static readonly TimeSpan EndedFor = TimeSpan.FromSeconds(1);

    /// <param name="target">What was restarted.</param>
    /// <param name="action">What was done to it; null when it was left to somebody else.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task<(bool IsHealthy, string Message)> VerifyAsync(HealTarget target, string? action, CancellationToken stopping)
    {
        var (began, inARow, ended) = (clock.GetTimestamp(), 0, (long?)null);
        while (clock.GetElapsedTime(began) < settings.VerifyWithin)
        {
            if (await target.IsHealthyAsync(stopping))
            {
                (inARow, ended) = (inARow + 1, null);
                if (inARow >= settings.Limits.RecoveriesToTrust)
                    return (true, action is null ? "Healthy again, before anything was done to it." : "Healthy again.");
            }
            else
            {
                inARow = 0;
                var how = action is null ? null : await target.HowItEndedAsync(stopping);
                ended = how is null ? null : ended ?? clock.GetTimestamp();
                // Nothing comes of waiting: the governor decides on it anew.
                if (ended is { } since && clock.GetElapsedTime(since) >= EndedFor)
                    return (false, $"It ended again after {action}. {how}");
            }

            await Task.Delay(Interval, clock, stopping);
        }

        return (false, $"Not healthy within {settings.VerifyWithin.TotalSeconds} s{(action is null ? ", and left to somebody else" : $" after {action}")}.");
    }
}
