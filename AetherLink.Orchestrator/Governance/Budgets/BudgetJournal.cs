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

    private readonly Lock _lock = new();
    private readonly Dictionary<BudgetKey, (int Slot, long Spent)> _slots = [];
    private readonly SafeFileHandle _file;
    private readonly ILogger _logger;
    private bool _complained;

    public BudgetJournal(DataFolder folder, TimeProvider clock, ILogger<BudgetJournal> logger)
        : this(Path.Combine(folder.For("budgets"), "spent"), clock.GetUtcNow(), logger)
    {
    }

    internal BudgetJournal(string path, DateTimeOffset now, ILogger logger)
    {
        _logger = logger;
        var known = File.Exists(path) ? Read(File.ReadAllBytes(path)) : null;
        Replica = known?.Replica ?? Guid.NewGuid();
        var fresh = path + ".new";
        using (var file = File.Create(fresh))
        {
            file.Write(Header(Replica));
            foreach (var (key, spent) in known?.Spent ?? [])
            {
                // Nobody asks for a budget that is over; a day more, for a clock that was set.
                if (key.End.AddDays(1) < now) continue;
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
            if (!isKnown) slot.Slot = _slots.Count + 1;
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
