using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AetherLink.ServiceDefaults;
using Microsoft.Win32.SafeHandles;

namespace AetherLink.Orchestrator.Governance.Budgets;

/// <summary>
/// What this replica has spent of each budget, in a file: eight bytes written in place for each call that cost something. They
/// are in the kernel's cache when the write returns, so that a killed process knows exactly what it had spent when it is
/// back, and what it only held is free again.
/// </summary>
internal sealed class BudgetJournal : IDisposable
{
    private const int RecordBytes = 768;
    private const int KeyAt = sizeof(long) + sizeof(ushort);

    /// <summary>Periods end at midnight.</summary>
    private static readonly TimeSpan Sweep = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<BudgetKey, (int Slot, long Spent)> _slots = [];
    private readonly Stack<int> _free = [];
    private readonly SafeFileHandle _file;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private DateTimeOffset _swept;
    private bool _complained;

    public BudgetJournal(DataFolder folder, TimeProvider clock, ILogger<BudgetJournal> logger)
        : this(Path.Combine(folder.For("budgets"), "spent"), clock, logger)
    {
    }

    internal BudgetJournal(string path, TimeProvider clock, ILogger logger)
    {
        (_clock, _logger) = (clock, logger);
        var now = clock.GetUtcNow();
        _swept = now;
        var known = File.Exists(path) ? Read(File.ReadAllBytes(path)) : null;
        Replica = known?.Replica ?? Guid.NewGuid();
        var fresh = path + ".new";
        using (var file = File.Create(fresh))
        {
            file.Write(Header(Replica));
            foreach (var (key, spent) in known?.Spent ?? [])
            {
                if (IsOver(key, now)) continue;
                _slots[key] = (_slots.Count + 1, spent);
                file.Write(Record(key, spent));
            }
        }
        File.Move(fresh, path, overwrite: true);
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
    }

    /// <summary>The name under which this data folder leases: a restart finds its slices again.</summary>
    public Guid Replica { get; }

    public IReadOnlyList<BudgetKey> Keys
    {
        get
        {
            lock (_lock) return [.. _slots.Keys];
        }
    }

    public long SpentOf(BudgetKey key)
    {
        lock (_lock) return _slots.TryGetValue(key, out var slot) ? slot.Spent : 0;
    }

    public void Write(BudgetKey key, long spent)
    {
        lock (_lock)
        {
            var isKnown = _slots.TryGetValue(key, out var slot);
            // Two calls that ended at once may come here in either order.
            if (isKnown && slot.Spent >= spent) return;
            if (!isKnown) slot.Slot = FreeSlot();
            _slots[key] = (slot.Slot, spent);
            try
            {
                RandomAccess.Write(_file, isKnown ? Bytes(spent) : Record(key, spent), (long)slot.Slot * RecordBytes);
            }
            catch (IOException exception)
            {
                if (!_complained) Log.BudgetJournalFailed(_logger, exception);
                _complained = true;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    // Nobody asks for a budget that is over; a day more, for a clock that was set.
    private static bool IsOver(BudgetKey key, DateTimeOffset now) => key.End.AddDays(1) < now;

    /// <summary>One of a period that is over, or one at the end: a process that runs for months has no more of them than it needs.</summary>
    private int FreeSlot()
    {
        var now = _clock.GetUtcNow();
        if (now - _swept >= Sweep)
        {
            _swept = now;
            foreach (var key in _slots.Keys.Where(key => IsOver(key, now)).ToList())
            {
                if (_slots.Remove(key, out var over)) _free.Push(over.Slot);
            }
        }
        return _free.TryPop(out var free) ? free : _slots.Count + 1;
    }

    private static byte[] Header(Guid replica)
    {
        var header = new byte[RecordBytes];
        replica.TryWriteBytes(header);
        return header;
    }

    private static byte[] Bytes(long spent)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, spent);
        return bytes;
    }

    private static byte[] Record(BudgetKey key, long spent)
    {
        var record = new byte[RecordBytes];
        BinaryPrimitives.WriteInt64LittleEndian(record, spent);
        var text = string.Create(CultureInfo.InvariantCulture, $"{key.Unit}|{key.Period}|{key.Start.UtcTicks}|{key.TenantId}");
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(sizeof(long)), (ushort)Encoding.UTF8.GetBytes(text, record.AsSpan(KeyAt)));
        return record;
    }

    private static (Guid Replica, List<(BudgetKey Key, long Spent)> Spent)? Read(byte[] file)
    {
        if (file.Length < RecordBytes) return null;
        var spent = new List<(BudgetKey, long)>();
        for (var at = RecordBytes; at + RecordBytes <= file.Length; at += RecordBytes)
        {
            var record = file.AsSpan(at, RecordBytes);
            var length = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(record[sizeof(long)..]), RecordBytes - KeyAt);
            if (Encoding.UTF8.GetString(record.Slice(KeyAt, length)).Split('|', 4) is [var unit, var period, var start, var tenant]
                && Enum.TryParse<BudgetUnit>(unit, out var u) && Enum.TryParse<BudgetPeriod>(period, out var p)
                && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
            {
                spent.Add((new(tenant, u, p, new DateTimeOffset(ticks, TimeSpan.Zero)), BinaryPrimitives.ReadInt64LittleEndian(record)));
            }
        }
        return (new Guid(file.AsSpan(0, 16)), spent);
    }
}
