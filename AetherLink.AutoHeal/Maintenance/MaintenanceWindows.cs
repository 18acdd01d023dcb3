using System.Globalization;
using AetherLink.AutoHeal.Storage;
using Microsoft.EntityFrameworkCore;

namespace AetherLink.AutoHeal.Maintenance;

/// <summary>The windows of this moment: read from Postgres every second, and kept in memory while it is away.</summary>
internal sealed class MaintenanceWindows(IDbContextFactory<HealContext> contexts, TimeProvider clock)
{
    private volatile IReadOnlyList<MaintenanceWindow> _windows = [];

    public IReadOnlyList<MaintenanceWindow> Open
    {
        get
        {
            var now = clock.GetUtcNow();
            return [.. _windows.Where(window => window.Until > now)];
        }
    }

    public string? ReasonFor(string target)
    {
        var now = clock.GetUtcNow();
        return _windows.Where(window => window.Covers(target, now)).OrderByDescending(window => window.Until).FirstOrDefault() is { } window
            ? string.Create(CultureInfo.InvariantCulture, $"{window.Reason} ({window.CreatedBy}, until {window.Until:u})")
            : null;
    }

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        _windows = await context.Windows.AsNoTracking().Where(window => window.Until > now)
            .OrderBy(window => window.StartsAt).ToListAsync(cancellationToken);
    }

    public async Task AddAsync(MaintenanceWindow window, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Windows.Add(window);
        await context.SaveChangesAsync(cancellationToken);
        await ReadAsync(cancellationToken);
    }

    /// <summary>Ends the windows of one target, or those over all.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EndAsync(string? target, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var ended = await context.Windows.Where(window => window.Until > now && window.Target == target)
            .ExecuteUpdateAsync(row => row.SetProperty(window => window.Until, now), cancellationToken);
        await ReadAsync(cancellationToken);
        return ended;
    }
}
