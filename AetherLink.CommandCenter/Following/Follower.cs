using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Following;

/// <summary>
/// What a follower read: the events it wants, the number up to which these are all of them, and, where it goes by the time, when that
/// was by the storage's clock.
/// </summary>
internal readonly record struct FeedPage<TEvent>(IReadOnlyList<TEvent> Events, long UpTo, bool IsLast, DateTimeOffset At = default);

/// <summary>
/// Follows the events in the order of their commits, one replica at a time. What a page leads to and the position behind it
/// are one transaction and one round trip, on the connection that holds the lock: each event's consequences are committed
/// exactly once, and whoever lost the lock can commit nothing.
/// </summary>
internal abstract class Follower<TEvent>(string name, FollowerServices services, ILogger logger)
    : BackgroundLoop(logger, services.Clock)
{
    /// <summary>How often the lock is asked for, and how soon after a failure of the storage: well within the 5 s of a takeover.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    /// <summary>The longest that a position without consequences stays unsaved, and that the lock's connection is not looked after.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan IdleEvery = TimeSpan.FromMilliseconds(250);

    private readonly ILogger _logger = logger;
    private readonly WakeUps _wakeUps = services.Signal.Listen();

    private LeaderLock? _lead;
    private long _saved;
    private long _savedAt;

    /// <summary>The number of the last event that was handled.</summary>
    protected long Position { get; private set; }

    /// <summary>The time of the last reading, by the storage's clock, which all replicas share.</summary>
    protected DateTimeOffset ReadAt { get; private set; }

    protected FollowerServices Services { get; } = services;

    protected string Name { get; } = name;

    /// <summary>Between two readings; in a burst the page grows instead of the number of pages.</summary>
    protected virtual TimeSpan LeastInterval => TimeSpan.FromMilliseconds(2);

    /// <summary>Reads on after a number.</summary>
    protected abstract Task<FeedPage<TEvent>> ReadAsync(long after, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>
    /// What the page leads to, as statements beside the one that moves the position: together they are a transaction. When it, or
    /// one of them, fails, the page comes again.
    /// </summary>
    protected abstract Task HandleAsync(IReadOnlyList<TEvent> page, NpgsqlBatch batch, CancellationToken cancellationToken);

    /// <summary>Whether anything is to be committed for the page. If not, its position is saved with what is, or a second later.</summary>
    protected virtual bool HasConsequences(IReadOnlyList<TEvent> page) => page.Count > 0;

    /// <summary>This replica leads from now on, or again after a failure: what is in memory is to be rebuilt from the tables.</summary>
    protected virtual Task OnLeadingAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Between pages, up to four times a second, with the time of the last reading. It writes through <see cref="CommitAsync"/> only.</summary>
    protected virtual Task OnIdleAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The position alone is about to be saved.</summary>
    protected virtual Task OnSavingAsync(NpgsqlBatch batch, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What a statement of <see cref="HandleAsync"/> answers. It counts when all is committed, and not before.</summary>
    protected virtual void OnRow(NpgsqlDataReader row)
    {
    }

    /// <summary>After each commit.</summary>
    protected virtual void OnCommitted()
    {
    }

    /// <summary>Commits work together with the position reached.</summary>
    protected virtual async Task CommitAsync(Func<NpgsqlBatch, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        // Statements that are sent together, without a transaction around them, are one.
        await using var batch = new NpgsqlBatch(_lead!.Connection)
        {
            // The position first: writing events takes the lock of all writers, which is held to the end.
            BatchCommands = { FollowerPosition.Moving(Name, _saved, Position) },
        };
        await work(batch, cancellationToken);
        await batch.PrepareAsync(cancellationToken);
        await using (var rows = await batch.ExecuteReaderAsync(cancellationToken))
        {
            do
            {
                while (await rows.ReadAsync(cancellationToken))
                {
                    OnRow(rows);
                }
            }
            while (await rows.NextResultAsync(cancellationToken));
        }
        (_saved, _savedAt) = (Position, Clock.GetTimestamp());
        OnCommitted();
    }

    protected sealed override async Task RunAsync(CancellationToken stopping)
    {
        await Services.Database.WaitAsync(stopping);
        while (true)
        {
            try
            {
                await LeadAsync(stopping);
            }
            catch (NpgsqlException lost) when (lost.IsTransient)
            {
                // The growing delay of a failed loop would keep everybody waiting long after the storage is back.
                if (_lead is not null)
                {
                    Log.LostTheLead(_logger, Name, lost.Message);
                }
            }
            _lead = null;
            await Task.Delay(AskAgain, Clock, stopping);
        }
    }

    /// <summary>Returns when another replica leads.</summary>
    private async Task LeadAsync(CancellationToken stopping)
    {
        _lead = null;
        await using var lead = await LeaderLock.TryTakeAsync(Services.Source, Name, stopping);
        if (lead is null)
        {
            return;
        }
        _lead = lead;
        Position = _saved = await FollowerPosition.ReadAsync(Name, lead.Connection, stopping);
        Log.Leads(_logger, Name, Position);
        await OnLeadingAsync(lead.Connection, stopping);

        var (lastIdle, lastRead) = (0L, 0L);
        _savedAt = Clock.GetTimestamp();
        while (true)
        {
            lastRead = Clock.GetTimestamp();
            var page = await ReadAsync(Position, lead.Connection, stopping);
            (Position, ReadAt) = (page.UpTo, page.At);
            if (HasConsequences(page.Events))
            {
                await CommitAsync((batch, token) => HandleAsync(page.Events, batch, token), stopping);
            }
            if (Clock.GetElapsedTime(lastIdle) >= IdleEvery)
            {
                await OnIdleAsync(ReadAt, stopping);
                lastIdle = Clock.GetTimestamp();
            }
            await SaveInTimeAsync(stopping);
            if (page.IsLast)
            {
                await _wakeUps.WaitAsync(stopping);
                await RestAsync(lastRead, stopping);
            }
        }
    }

    private async Task SaveInTimeAsync(CancellationToken stopping)
    {
        if (Clock.GetElapsedTime(_savedAt) < SaveEvery)
        {
            return;
        }
        if (Position != _saved)
        {
            await CommitAsync(OnSavingAsync, stopping);
            return;
        }
        await _lead!.CheckAsync(stopping);
        _savedAt = Clock.GetTimestamp();
    }

    private async Task RestAsync(long lastRead, CancellationToken stopping)
    {
        if (LeastInterval - Clock.GetElapsedTime(lastRead) is { Ticks: > 0 } rest)
        {
            await Task.Delay(rest, Clock, stopping);
        }
    }
}
