namespace AetherLink.Orchestrator.Calls;

/// <summary>When the service stops, calls that are under way have a moment more. Whoever waits longer is answered that it stops.</summary>
internal sealed class LastCalls : IDisposable
{
    /// <summary>Of the five seconds that a stop may take: slices are given back and counts are stored in the rest of it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenRegistration _stopping;

    public LastCalls(IHostApplicationLifetime lifetime)
        : this(lifetime, Grace)
    {
    }

    internal LastCalls(IHostApplicationLifetime lifetime, TimeSpan grace) =>
        _stopping = lifetime.ApplicationStopping.Register(() => _over.CancelAfter(grace));

    /// <summary>Cancelled when the moment is over.</summary>
    public CancellationToken Over => _over.Token;

    public void Dispose()
    {
        _stopping.Dispose();
        _over.Dispose();
    }
}
