using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.Orchestrator.Governance.Budgets;

/// <summary>
/// Keeps the accounts supplied, beside the calls: reports what was spent, leases before a slice is used up, and before the first
/// call of whoever is expected.
/// </summary>
internal sealed class Leasing(
    TenantBudgets budgets, ExpectedTenants expected, ILender lender, TimeProvider clock, ILogger<Leasing> logger) : BackgroundLoop(logger, clock)
{
    /// <summary>What a replica has spent is known to the others after so long.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A stop waits for the slices to be given back for so long; left open, they are not lent again until this replica is back.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(2);

    /// <summary>A schema is up to date within this; until then calls wait for their slice, and afterwards are told that nobody can be asked.</summary>
    private static readonly TimeSpan Starting = TimeSpan.FromSeconds(3);

    private bool _isAway;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        var ready = lender.WhenReadyAsync(stopping);
        try
        {
            await Task.WhenAny(ready, Task.Delay(Starting, Clock, stopping));
            while (true)
            {
                await SyncAsync(closing: false, stopping);
                // While nobody answers, what is wanted cannot be had sooner by asking more often.
                if (!_isAway) await budgets.WantedAsync(Interval, stopping);
                else if (ready.IsCompleted) await Task.Delay(Interval, Clock, stopping);
                else await Task.WhenAny(Task.Delay(Interval, Clock, stopping), ready);
                stopping.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            using var patience = new CancellationTokenSource(Closing, Clock);
            await SyncAsync(closing: true, patience.Token);
        }
    }

    private async Task SyncAsync(bool closing, CancellationToken cancellationToken)
    {
        var now = Clock.GetElapsedTime(0);
        try
        {
            // Also when nobody wants anything: the next call must not be the one that finds out.
            if (_isAway && !closing)
            {
                await lender.KnownAsync(Clock.GetUtcNow(), most: 1, cancellationToken);
                Answered();
            }
            if (!closing) await expected.ExpectAsync(lender, cancellationToken);
            var asking = budgets.Accounts.Select(account => (Account: account, Request: account.Ask(now, closing)))
                .Where(one => one.Request is not null).ToLookup(one => one.Request!.IsUrgent);
            // Calls wait for some of it; the rest may take its time.
            foreach (var isUrgent in (bool[])[true, false])
            {
                if (!asking.Contains(isUrgent)) continue;
                var answers = await lender.SyncAsync([.. asking[isUrgent].Select(one => one.Request!)], cancellationToken);
                foreach (var ((account, request), answer) in asking[isUrgent].Zip(answers)) account.Apply(request!, answer);
                Answered();
            }
        }
        catch (Exception absence) when (absence is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            if (!closing) cancellationToken.ThrowIfCancellationRequested();
            if (!_isAway) Log.BudgetsAreAway(logger, absence.Message);
            _isAway = true;
        }
        budgets.Synced(_isAway);
        foreach (var account in budgets.Accounts.Where(account => account.IsAtRest(now))) budgets.Forget(account);
    }

    private void Answered()
    {
        if (_isAway) Log.BudgetsAreBack(logger);
        _isAway = false;
        budgets.Synced(_isAway);
    }
}
