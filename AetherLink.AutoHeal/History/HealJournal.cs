using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Storage;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.History;

/// <summary>
/// The heals of the last day in a local file, with a mark for those that Postgres has: what the healer goes on from while
/// Postgres is away. Heals are rare (ten an hour for a fleet), so the file is small.
/// </summary>
internal sealed class HealJournal
{
    /// <summary>The governor needs an hour of them; a day also answers questions while Postgres is away.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Against an endless absence of Postgres: more than the default fleet limit lets through in a month.</summary>
    private const int MostKept = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, JournalEntry> _entries;
    private readonly LocalFile<JournalEntry> _file;
    private readonly HealClock _clock;

    public HealJournal(DataFolder folder, HealClock clock, ILogger<HealJournal> logger)
    {
        _clock = clock;
        _file = new(Path.Combine(folder.For("heals"), "journal.json"), logger);
        _entries = _file.Read().ToDictionary(entry => entry.Heal.Id);
        // Whatever was under way in the process before this one has ended with it.
        Interrupted = [.. _entries.Values.Where(entry => entry.Heal.FinishedAt is null).Select(entry => entry.Heal.Interrupted(clock.Shared))];
        foreach (var heal in Interrupted)
            _entries[heal.Id] = new JournalEntry(heal, IsStored: false);
    }

    /// <summary>What the process before this one did not live to see the end of.</summary>
    public IReadOnlyList<Heal> Interrupted { get; }

    public IReadOnlyList<Heal> All
    {
        get
        {
            lock (_lock)
                return [.. _entries.Values.Select(entry => entry.Heal).OrderByDescending(heal => heal.StartedAt)];
        }
    }

    public IReadOnlyList<Heal> NotStored
    {
        get
        {
            lock (_lock)
                return [.. _entries.Values.Where(entry => !entry.IsStored).Select(entry => entry.Heal).OrderBy(heal => heal.StartedAt)];
        }
    }

    public void Put(Heal heal, bool isStored)
    {
        lock (_lock)
        {
            _entries[heal.Id] = new JournalEntry(heal, isStored);
            Forget();
            Write();
        }
    }

    /// <summary>What Postgres has of the last hour, with what it lacks or has not been told yet.</summary>
    public IReadOnlyList<Heal> Over(IReadOnlyList<Heal> stored)
    {
        lock (_lock)
        {
            // What another replica gave up is kept, too: whoever sees it well again takes the mark away.
            foreach (var heal in stored.Where(heal => heal.EscalatedAt is not null))
                _entries.TryAdd(heal.Id, new JournalEntry(heal, IsStored: true));
            var newer = stored.ToDictionary(heal => heal.Id);
            foreach (var (id, entry) in _entries.Where(pair => !pair.Value.IsStored || !newer.ContainsKey(pair.Key)))
                newer[id] = entry.Heal;
            return [.. newer.Values.OrderBy(heal => heal.StartedAt)];
        }
    }

    /// <summary>The target is well again, and no longer given up.</summary>
    public void TakeBack(string target)
    {
        lock (_lock)
        {
            var given = _entries.Values.Where(entry => entry.Heal.Target == target && entry.Heal.EscalatedAt is not null).ToArray();
            foreach (var entry in given)
                _entries[entry.Heal.Id] = new JournalEntry(entry.Heal with { EscalatedAt = null }, IsStored: false);
            if (given.Length > 0)
                Write();
        }
    }

    /// <summary>
    /// This healer's own of before Postgres' clock was known, by that clock. What is under way keeps its date: its end is written with it.
    /// </summary>
    public void Redate(string healer, TimeSpan by)
    {
        lock (_lock)
        {
            foreach (var heal in _entries.Values.Select(entry => entry.Heal).Where(heal => heal.Healer == healer && heal.FinishedAt is not null).ToArray())
                _entries[heal.Id] = new JournalEntry(heal.Moved(by), IsStored: false);
            Write();
        }
    }

    /// <summary>Postgres has them. One that went on in the meantime stays unstored.</summary>
    public void MarkStored(IEnumerable<Heal> heals)
    {
        lock (_lock)
        {
            foreach (var heal in heals)
            {
                if (_entries.TryGetValue(heal.Id, out var entry) && entry.Heal == heal)
                    _entries[heal.Id] = entry with { IsStored = true };
            }

            Forget();
            Write();
        }
    }

    private void Forget()
    {
        var before = _clock.Shared - Kept;
        var old = _entries.Values.Where(entry => entry.IsStored && entry.Heal.StartedAt < before)
            .Concat(_entries.Values.OrderByDescending(entry => entry.Heal.StartedAt).Skip(MostKept));
        foreach (var entry in old.ToArray())
            _entries.Remove(entry.Heal.Id);
    }

    private void Write() => _file.Write(_entries.Values);

    private sealed record JournalEntry(Heal Heal, bool IsStored);
}
