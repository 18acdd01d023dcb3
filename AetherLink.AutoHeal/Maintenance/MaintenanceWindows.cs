using System.Globalization;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.EntityFrameworkCore;

namespace AetherLink.AutoHeal.Maintenance;

/// <summary>
/// The windows of this moment: read from Postgres every second. What was read last is in a local file, too: a healer that is restarted
/// while Postgres is away keeps its hands off what it was told to.
/// </summary>
internal sealed class MaintenanceWindows
{
    private readonly IDbContextFactory<HealContext> _contexts;
    private readonly HealClock _clock;
    private readonly LocalFile<MaintenanceWindow> _file;
    private volatile IReadOnlyList<MaintenanceWindow> _windows;

    public MaintenanceWindows(IDbContextFactory<HealContext> contexts, DataFolder folder, HealClock clock, ILogger<MaintenanceWindows> logger)
    {
        (_contexts, _clock) = (contexts, clock);
        _file = new(Path.Combine(folder.For("maintenance"), "windows.json"), logger);
        _windows = _file.Read();
    }

    public IReadOnlyList<MaintenanceWindow> Open
    {
        get
        {
            var now = _clock.Shared;
            return [.. _windows.Where(window => window.Until > now)];
        }
    }

    public string? ReasonFor(string target)
    {
        var now = _clock.Shared;
        return _windows.Where(window => window.Covers(target, now)).OrderByDescending(window => window.Until).FirstOrDefault() is { } window
            ? string.Create(CultureInfo.InvariantCulture, $"{window.Reason} ({window.CreatedBy}, until {window.Until:u})")
            : null;
    }

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var now = _clock.Shared;
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var read = await context.Windows.AsNoTracking().Where(window => window.Until > now)
            .OrderBy(window => window.StartsAt).ThenBy(window => window.Id).ToListAsync(cancellationToken);
        var before = Interlocked.Exchange(ref _windows, read);
        if (!read.SequenceEqual(before))
            _file.Write(read);
    }

    /// <summary>The window, and who opened it, in one transaction.</summary>
    public async Task AddAsync(MaintenanceWindow window, OperatorChange change, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        context.Windows.Add(window);
        context.UntoldChanges.Add(UntoldChange.Of(change));
        await context.SaveChangesAsync(cancellationToken);
        await ReadAsync(cancellationToken);
    }

    /// <summary>Ends the windows of one target, or those over all, and writes down who did, in one transaction.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EndAsync(string? target, Func<IReadOnlyList<MaintenanceWindow>, OperatorChange> change, CancellationToken cancellationToken)
    {
        var now = _clock.Shared;
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var ended = await context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            var open = context.Windows.Where(window => window.Until > now && window.Target == target);
            var windows = await open.AsNoTracking().OrderBy(window => window.StartsAt).ToListAsync(cancellationToken);
            await open.ExecuteUpdateAsync(row => row.SetProperty(window => window.Until, now), cancellationToken);
            if (windows.Count > 0)
            {
                context.UntoldChanges.Add(UntoldChange.Of(change(windows)));
                await context.SaveChangesAsync(cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
            return windows.Count;
        });
        await ReadAsync(cancellationToken);
        return ended;
    }
}
