namespace AetherLink.ServiceDefaults;

/// <summary>
/// Tells of denials by events: of the first at once, and of all like it within the minute by one more with their count. What
/// differs from all that was told is told up to a bound, and beyond it as one: an attack cannot flood the events.
/// </summary>
internal sealed class DenialNews(IDenialSink sink, ServiceIdentity identity, TimeProvider clock)
{
    /// <summary>Different denials of a minute that are told one by one.</summary>
    internal const int MostKinds = 100;

    private readonly Lock _gate = new();
    private Dictionary<Denial, Folded> _folded = [];

    public void Note(Denial denial)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (_folded.TryGetValue(denial, out var folded) || _folded.TryGetValue(denial = Bounded(denial), out folded))
            {
                folded.Count++;
                folded.Last = now;
                return;
            }
            _folded[denial] = new() { First = now, Last = now };
        }
        sink.Take(denial.ToEvent(1, identity.Resource, now, now));
    }

    /// <summary>Tells what came after the first of each kind, and begins anew.</summary>
    public void Flush()
    {
        Dictionary<Denial, Folded> told;
        lock (_gate)
            (told, _folded) = (_folded, []);
        foreach (var (denial, folded) in told.Where(one => one.Value.Count > 0))
            sink.Take(denial.ToEvent(folded.Count, identity.Resource, folded.First, folded.Last));
    }

    private Denial Bounded(Denial denial) => _folded.Count < MostKinds ? denial : Denial.Others;

    private sealed class Folded
    {
        /// <summary>Without the first, which was told.</summary>
        public long Count { get; set; }

        public DateTimeOffset First { get; init; }

        public DateTimeOffset Last { get; set; }
    }
}

/// <summary>Once a minute, and when the service stops.</summary>
internal sealed class DenialFolding(DenialNews news, ILogger<DenialFolding> logger, TimeProvider clock) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Minute, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                news.Flush();
        }
        finally
        {
            news.Flush();
        }
    }
}

internal static class DenialServices
{
    public static void AddDenialNews(this IServiceCollection services)
    {
        services.AddSingleton<IDenialSink, PublishedDenials>();
        services.AddSingleton<DenialNews>();
        services.AddHostedService<DenialFolding>();
    }

    private sealed class PublishedDenials(OpsEventPublisher events) : IDenialSink
    {
        public void Take(OpsEvent denial) => events.TryPublish(denial);
    }
}
