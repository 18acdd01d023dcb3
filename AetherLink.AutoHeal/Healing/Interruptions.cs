using AetherLink.AutoHeal.History;

namespace AetherLink.AutoHeal.Healing;

/// <summary>
/// Tells of what the process before this one did not live to see the end of, and lets what is under way come to its end before this one
/// ends: whoever was told that a heal begins is told how it ended.
/// </summary>
internal sealed class Interruptions(HealJournal journal, HealNews news, Healer healer) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var heal in journal.Interrupted)
        {
            news.Ended(heal);
            journal.Put(heal, isStored: false);
        }

        return Task.CompletedTask;
    }

    /// <summary>Those that it waits for have been told to stop by then: hosted services end in the reverse of their order.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await healer.EndAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
