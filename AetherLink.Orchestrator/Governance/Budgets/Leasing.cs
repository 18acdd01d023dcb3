using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.Orchestrator.Governance.Budgets;

/// <summary>Keeps the accounts supplied, beside the calls: reports what was spent, and leases before a slice is used up.</summary>
internal sealed class Leasing(TenantBudgets budgets, ILender lender, TimeProvider clock, ILogger<Leasing> logger) : BackgroundLoop(logger, clock)
{
    /// <summary>What a replica has spent is known to the others after so long.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A stop waits for the slices to be given back for so long; left open, they would be released after the lease's time.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(2);

    private bool _isAway;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await SyncAsync(closing: false, stopping);
                // While nobody answers, what is wanted cannot be had sooner by asking more often.
                if (_isAway) await Task.Delay(Interval, Clock, stopping);
                else await budgets.WantedAsync(Interval, stopping);
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
        var asking = budgets.Accounts
            .Select(account => (Account: account, Request: account.Ask(now, lender.ValidFor, closing)))
            .Where(one => one.Request is not null).ToList();
        if (asking.Count > 0)
        {
            try
            {
                var answers = await lender.SyncAsync([.. asking.Select(one => one.Request!)], cancellationToken);
                foreach (var ((account, request), answer) in asking.Zip(answers))
                    account.Apply(request!, answer, now + lender.ValidFor - Interval);
                if (_isAway) Log.BudgetsAreBack(logger);
                _isAway = false;
            }
            catch (Exception absence) when (absence is NpgsqlException or TimeoutException or OperationCanceledException)
            {
                if (!closing) cancellationToken.ThrowIfCancellationRequested();
                if (!_isAway) Log.BudgetsAreAway(logger, absence.Message);
                _isAway = true;
            }
        }
        budgets.Synced(_isAway);
        foreach (var account in budgets.Accounts.Where(account => account.IsAtRest(now))) budgets.Forget(account);
    }
}
