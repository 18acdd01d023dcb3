using AetherLink.AutoHeal.Storage;
using Npgsql;

namespace AetherLink.AutoHeal.History;

/// <summary>
/// The record of heals: Postgres, and the journal while Postgres is away. A heal is decided inside of it, so that what the
/// other replicas did counts, and no two of them heal one target at once.
/// </summary>
internal sealed class HealLedger(HealStore store, HealJournal journal, TimeProvider clock, ILogger<HealLedger> logger) : IDisposable
{
    /// <summary>A Postgres that takes longer is as good as away: the heal must not wait for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a healer that has just started waits for Postgres before its first decision: what it did before it was
    /// restarted may be known only there. Postgres itself is up again in less.
    /// </summary>
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);

    /// <summary>Nobody's health hangs on what a person asks for: a Postgres, or a machine, that is slow is better than a refusal.</summary>
    private static readonly TimeSpan PersonsPatience = TimeSpan.FromSeconds(10);

    /// <summary>Postgres is looked for every second: one that was missed once is found again within this.</summary>
    private static readonly TimeSpan Blink = TimeSpan.FromSeconds(3);

    /// <summary>
    /// One decision of this replica at a time: a hundred that waited for the lock in Postgres would hold every connection that there is. They
    /// wait here, where that is no absence of Postgres.
    /// </summary>
    private readonly SemaphoreSlim _deciding = new(1, 1);

    private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = clock.GetTimestamp();
    private volatile bool _isPresent;

    public bool IsPresent => _isPresent;

    /// <summary>Postgres is away, and not just not found yet: whoever decides does so without the other replicas.</summary>
    public bool IsAlone => !_isPresent && (_found.Task.IsCompleted || clock.GetElapsedTime(_started) >= FirstPatience);

    public void Dispose() => _deciding.Dispose();

    /// <summary>
    /// Decides with the heals of the last hour in hand, and writes down what was decided before anything is done: a heal that
    /// begins, or the last of one that is given up. <paramref name="decide"/> is called once, with what Postgres has of the last
    /// hour and the journal beside it; with the journal alone while Postgres is away.
    /// </summary>
    /// <returns>Whether the other replicas know of it. While Postgres is away they decide for themselves.</returns>
    public async Task<bool> DecideAsync(Func<IReadOnlyList<Heal>, Heal?> decide, CancellationToken cancellationToken)
    {
        await WaitForFirstAsync(cancellationToken);
        await _deciding.WaitAsync(cancellationToken);
        try
        {
            return await DecideAloneAsync(decide, cancellationToken);
        }
        finally
        {
            _deciding.Release();
        }
    }

    private async Task<bool> DecideAloneAsync(Func<IReadOnlyList<Heal>, Heal?> decide, CancellationToken cancellationToken)
    {
        Heal? heal = null;
        var isDecided = false;
        Heal? Once(IReadOnlyList<Heal> recent)
        {
            isDecided = true;
            heal = decide(journal.Over(recent));
            // Before Postgres has it: a healer that is killed in between must know that the heal it finds there was its own.
            if (heal is not null)
                journal.Put(heal, isStored: false);
            return heal;
        }

        var isStored = false;
        try
        {
            isStored = await TryAsync(time => store.ClaimAsync(Once, time), cancellationToken);
        }
        catch (PostgresException refused) when (IsRefusal(refused))
        {
            // The target is no less ill for it.
            Log.StorageRefused(logger, heal?.Id, refused.MessageText);
        }
        if (!isDecided)
            Once([]);
        if (heal is not null && isStored)
            journal.MarkStored([heal]);
        return isStored;
    }

    /// <summary>The target is well again: it is no longer given up. Postgres hears of it with the next that is stored.</summary>
    public void TakeBack(string target) => journal.TakeBack(target);

    /// <returns>Whether no other replica has said so before; null while nobody can tell.</returns>
    public async Task<bool?> ChangeBrakeAsync(bool engaged, CancellationToken cancellationToken)
    {
        bool? isNew = null;
        await TryAsync(async time => isNew = await store.ChangeBrakeAsync(engaged, time), cancellationToken);
        return isNew;
    }

    public async Task CompleteAsync(Heal heal, CancellationToken cancellationToken)
    {
        journal.Put(heal, isStored: false);
        await FlushAsync(cancellationToken);
    }

    /// <summary>Stores what the journal has and Postgres has not.</summary>
    /// <returns>Whether Postgres answered.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        if (!_isPresent)
            return false;
        var heals = journal.NotStored;
        if (heals.Count == 0)
            return true;
        try
        {
            if (!await TryAsync(time => store.StoreAsync(heals, time), cancellationToken))
                return false;
            journal.MarkStored(heals);
            return true;
        }
        catch (PostgresException refused) when (IsRefusal(refused))
        {
            return await FlushOneByOneAsync(heals, cancellationToken);
        }
    }

    /// <summary>One that Postgres does not take must not keep the others from it, nor come again for ever.</summary>
    private async Task<bool> FlushOneByOneAsync(IReadOnlyList<Heal> heals, CancellationToken cancellationToken)
    {
        foreach (var heal in heals)
        {
            try
            {
                if (!await TryAsync(time => store.StoreAsync([heal], time), cancellationToken))
                    return false;
            }
            catch (PostgresException refused) when (IsRefusal(refused))
            {
                Log.StorageRefused(logger, heal.Id, refused.MessageText);
            }
            journal.MarkStored([heal]);
        }
        return true;
    }

    /// <summary>Asks Postgres; while it is away, the journal.</summary>
    public async Task<T> ReadAsync<T>(
        Func<HealStore, CancellationToken, Task<T>> fromStore, Func<IReadOnlyList<Heal>, T> fromJournal, CancellationToken cancellationToken)
    {
        var answer = default(T);
        return await TryAsync(async time => answer = await fromStore(store, time), cancellationToken)
            ? answer!
            : fromJournal([.. journal.All.Where(heal => heal.FinishedAt is not null)]);
    }

    /// <summary>Postgres is there, and its schema is up to date.</summary>
    public void Found()
    {
        if (_isPresent)
            return;
        _isPresent = true;
        _found.TrySetResult();
        Log.StorageFound(logger, journal.NotStored.Count);
    }

    /// <summary>Does it in Postgres, within its patience.</summary>
    /// <returns>False when Postgres is away, and from then on counts as that.</returns>
    public Task<bool> TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken) => TryWithinAsync(Patience, work, cancellationToken);

    /// <summary>The same for what a person asks for: it waits longer, also for a Postgres that is found again in a moment.</summary>
    public async Task<bool> TryForPersonAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        for (var began = clock.GetTimestamp(); !_isPresent && clock.GetElapsedTime(began) < Blink;)
            await Task.Delay(Blink / 30, clock, cancellationToken);
        return await TryWithinAsync(PersonsPatience, work, cancellationToken);
    }

    private async Task<bool> TryWithinAsync(TimeSpan patience, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        if (!_isPresent)
            return false;
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(patience);
        try
        {
            await work(time.Token);
            return true;
        }
        catch (Exception failure) when (IsAbsence(failure) && !cancellationToken.IsCancellationRequested)
        {
            _isPresent = false;
            Log.StorageLost(logger, failure.Message);
            return false;
        }
    }

    private async Task WaitForFirstAsync(CancellationToken cancellationToken)
    {
        var left = FirstPatience - clock.GetElapsedTime(_started);
        if (left > TimeSpan.Zero)
            await Task.WhenAny(_found.Task, Task.Delay(left, clock, cancellationToken));
    }

    /// <summary>A value that Postgres does not take (class 22), or a row that it must not have (23): a fault of ours, and no absence.</summary>
    private static bool IsRefusal(PostgresException failure) => failure.SqlState is ['2', '2' or '3', ..];

    internal static bool IsAbsence(Exception failure) => failure switch
    {
        PostgresException refused when IsRefusal(refused) => false,
        NpgsqlException or TimeoutException or OperationCanceledException => true,
        InvalidOperationException { InnerException: { } inner } => IsAbsence(inner),
        _ => false,
    };
}
