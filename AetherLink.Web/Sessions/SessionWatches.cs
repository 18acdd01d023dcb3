using System.Collections.Concurrent;
using AetherLink.ServiceDefaults;

namespace AetherLink.Web.Sessions;

/// <summary>What outlives a request and must not outlive the session: open streams.</summary>
internal sealed class SessionWatches
{
    private readonly ConcurrentDictionary<Watch, byte> _watches = new();

    public IReadOnlyCollection<Watch> All => [.. _watches.Keys];

    /// <summary>Watches over the session of a request; null when it has none (the header of Development).</summary>
    public Watch? Over(HttpContext context)
    {
        if (context.Features.Get<CurrentSession>() is not { } session)
            return null;
        var watch = new Watch(this, session);
        _watches.TryAdd(watch, 0);
        return watch;
    }

    public void End(string key)
    {
        foreach (var watch in _watches.Keys)
            if (string.Equals(watch.Session.Key, key, StringComparison.Ordinal))
                watch.End();
    }

    internal sealed class Watch(SessionWatches watches, CurrentSession session) : IDisposable
    {
        private readonly CancellationTokenSource _ended = new();

        public CurrentSession Session => session;

        public CancellationToken Ended => _ended.Token;

        public void End()
        {
            // Not here: whoever waits for this would go on in the caller's time.
            if (watches._watches.TryRemove(this, out _))
                _ = _ended.CancelAsync();
        }

        // The source has no timer and no link: there is nothing to dispose of, and it may be cancelled at this very moment.
        public void Dispose() => watches._watches.TryRemove(this, out _);
    }
}

/// <summary>
/// Looks after the sessions of open streams, which make no requests: their tokens are renewed, and a stream is cut when its session has
/// ended, by whomever, or is not worth what it was.
/// </summary>
internal sealed class SessionWatching(
    SessionWatches watches, PersonSessions sessions, SessionFiles files, TimeProvider clock, ILogger<SessionWatching> logger)
    : BackgroundLoop(logger, clock)
{
    /// <summary>A role that was taken away, or a session that another replica ended, is noticed within this.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BetweenPrunings = TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        var prunedAt = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            if (Clock.GetUtcNow() - prunedAt > BetweenPrunings)
            {
                files.Prune();
                prunedAt = Clock.GetUtcNow();
            }
            foreach (var watch in watches.All)
                if (!await IsWorthAsMuchAsync(watch, stopping))
                    watch.End();
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task<bool> IsWorthAsMuchAsync(SessionWatches.Watch watch, CancellationToken stopping) =>
        await sessions.FindAsync(watch.Session.Key, stopping) is { } now
        && !now.IsStale(Clock.GetUtcNow())
        && now.MayTheSame(watch.Session.Person);
}
