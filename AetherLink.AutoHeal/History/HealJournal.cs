using System.Text.Json;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.History;

/// <summary>
/// The heals of the last day in a local file, with a mark for those that Postgres has: what the healer goes on from while
/// Postgres is away. Heals are rare (ten an hour for a fleet), so the file is small, and is replaced as a whole: a kill at
/// any moment leaves the old one or the new one.
/// </summary>
internal sealed class HealJournal
{
    /// <summary>The governor needs an hour of them; a day also answers questions while Postgres is away.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Against an endless absence of Postgres: more than the default fleet limit lets through in a month.</summary>
    private const int MostKept = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, JournalEntry> _entries;
    private readonly string _file;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    public HealJournal(DataFolder folder, TimeProvider clock, ILogger<HealJournal> logger)
    {
        (_file, _clock, _logger) = (Path.Combine(folder.For("heals"), "journal.json"), clock, logger);
        _entries = Read().ToDictionary(entry => entry.Heal.Id);
        // Whatever was under way in the process before this one has ended with it.
        foreach (var entry in _entries.Values.Where(entry => entry.Heal.FinishedAt is null).ToArray())
            _entries[entry.Heal.Id] = new JournalEntry(entry.Heal.Interrupted(clock.GetUtcNow()), IsStored: false);
    }

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
        var before = _clock.GetUtcNow() - Kept;
        var old = _entries.Values.Where(entry => entry.IsStored && entry.Heal.StartedAt < before)
            .Concat(_entries.Values.OrderByDescending(entry => entry.Heal.StartedAt).Skip(MostKept));
        foreach (var entry in old.ToArray())
            _entries.Remove(entry.Heal.Id);
    }

    private void Write()
    {
        var next = _file + ".next";
        try
        {
            File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(_entries.Values, Json.Wire));
            File.Move(next, _file, overwrite: true);
        }
        catch (IOException failure)
        {
            // A full disk must not stop the healing; Postgres and the memory still have it.
            Log.JournalNotWritten(_logger, failure, _file);
        }
    }

    private JournalEntry[] Read()
    {
        if (!File.Exists(_file))
            return [];
        try
        {
            return JsonSerializer.Deserialize<JournalEntry[]>(File.ReadAllBytes(_file), Json.Wire) ?? [];
        }
        catch (JsonException damaged)
        {
            // Not of our making; kept for whoever wants to know, and out of the way.
            File.Move(_file, _file + ".damaged", overwrite: true);
            Log.JournalDamaged(_logger, damaged, _file);
            return [];
        }
    }

    private sealed record JournalEntry(Heal Heal, bool IsStored);
}
