using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.Tests.Orchestrator;

public sealed class BudgetJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aether-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Process_that_runs_for_months_has_room_for_the_periods_that_are_not_over_and_no_more()
    {
        var (clock, path) = (new SetClock(), Path.Combine(_folder, "spent"));
        using (var journal = Open(path, clock))
        {
            for (var day = 0; day < 90; day++)
            {
                foreach (var tenant in (string[])["acme", "globex"]) journal.Write(Today(tenant, clock), 100 + day);
                clock.Advance(TimeSpan.FromDays(1));
            }
            clock.Advance(TimeSpan.FromDays(-1));

            // Two days and the one that is kept for a clock that was set, of two tenants.
            Assert.InRange(journal.Keys.Count, 2, 6);
            Assert.InRange(new FileInfo(path).Length / 768, 3, 8);
        }

        using var again = Open(path, clock);
        Assert.Equal((189, 189), (again.SpentOf(Today("acme", clock)), again.SpentOf(Today("globex", clock))));
    }

    private static BudgetJournal Open(string path, TimeProvider clock) => new(path, clock, NullLogger.Instance);

    private static BudgetKey Today(string tenant, TimeProvider clock) => BudgetKey.At(tenant, BudgetUnit.Tokens, BudgetPeriod.Day, clock.GetUtcNow());
}
