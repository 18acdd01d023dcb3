using AetherLink.Tests.Mesh;

namespace AetherLink.Tests.Chaos;

/// <summary>One round: a tenant of its own, a load, a live subscriber, strikes in between, and the check at the end.</summary>
internal sealed class Round : IAsyncDisposable
{
    /// <summary>Two cores that start seven processes at once are slow; a mesh that needs longer does not come back.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly Connect _connect;
    private readonly Load _load;
    private readonly LiveSubscriber _subscriber;

    private Round(MeshFixture mesh)
    {
        var tenant = $"t-{Guid.NewGuid():N}";
        _connect = (service, roles) => mesh.Client(service, roles, tenant);
        _load = new(_connect, tenant, Ledger);
        _subscriber = new(_connect);
    }

    public Ledger Ledger { get; } = new();

    /// <summary>Under way: the subscriber listens, and the load has been answered everywhere.</summary>
    public static async Task<Round> BeginAsync(MeshFixture mesh)
    {
        var round = new Round(mesh);
        await round._subscriber.IsConnected(Soon);
        round._load.Start();
        await Eventually.True(() => round.Ledger is { Events: > 100, Calls: > 10 }, Soon, "the load is under way");
        return round;
    }

    /// <summary>Events that were sent, and calls that were begun, after the moment are answered again.</summary>
    public Task IsServedSince(long moment) =>
        Eventually.True(() => Ledger.IsServedSince(moment), Soon, "events are acknowledged and AI calls answered again");

    /// <summary>Ends the load, lets everything arrive that is on its way, and holds what is there against what was said.</summary>
    /// <param name="announced">Whether every AI call has its event: it has none where the spool had no room for it.</param>
    /// <param name="since">AI calls begun before are not promised to be there.</param>
    public async Task<Findings> EndAsync(bool announced = true, long since = 0)
    {
        await _load.StopAsync();
        var records = new Records(_connect);
        // What never arrives is a finding, and no time-out: the check below says what.
        await ArrivesAsync(records.AuditedAsync, since);
        if (announced)
        {
            await ArrivesAsync(records.AnnouncedAsync, since);
        }
        var mark = await _load.MarkAsync(Soon);
        await Eventually.True(() => _subscriber.HasSeen(mark), Soon, "the subscriber sees the last event");

        // An event of a call that nobody was answered may still come in between.
        List<Seen> stored = [];
        async Task<bool> AreTheSame() => (stored = await records.EventsAsync()).SequenceEqual(_subscriber.Events);
        await WithinAsync(AreTheSame, TimeSpan.FromSeconds(5));
        var findings = Findings.Of(Ledger, stored, _subscriber, await records.AuditedAsync(), since);
        return announced ? findings : findings with { Unannounced = [] };
    }

    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        await _subscriber.DisposeAsync();
    }

    private Task ArrivesAsync(Func<Task<List<string?>>> read, long since) =>
        WithinAsync(async () => !Ledger.AnsweredSince(since).Except((await read()).OfType<string>(), StringComparer.Ordinal).Any(), Soon);

    private static async Task WithinAsync(Func<Task<bool>> condition, TimeSpan time)
    {
        try
        {
            await Eventually.True(condition, time);
        }
        catch (TimeoutException)
        {
            // Left to the findings, which name what is missing.
        }
    }
}
