using AetherLink.CommandCenter.Mesh;

namespace AetherLink.Tests.CommandCenter;

public sealed class ReconciliationTests
{
    [Fact]
    public void Reconciliation_names_what_is_missing_where()
    {
        var view = Reconciliation.Of(
            new HashSet<string> { "web", "billing", "auto-heal" }, new HashSet<string> { "web", "auto-heal" },
            new Dictionary<string, bool> { ["web"] = true, ["cache"] = true });

        Assert.Equal("complete", view.Status);
        Assert.Equal(
            [
                new ReconciledService("auto-heal", true, true, false), new ReconciledService("billing", true, false, false),
                new ReconciledService("cache", false, true, true), new ReconciledService("web", true, true, true),
            ],
            view.Services);
        Assert.Equal(
            [
                "billing is in the catalogue and has not been probed.", "billing is not enrolled: nobody restarts it when it is down.",
                "cache is watched by AutoHeal and is not in the catalogue.",
            ],
            view.Gaps);
    }

    [Fact]
    public void Reconciliation_calls_nothing_a_gap_that_it_does_not_know()
    {
        var view = Reconciliation.Of(new HashSet<string> { "web" }, new HashSet<string> { "web" }, null);

        Assert.Equal(("partial", (bool?)null), (view.Status, view.Services.Single().Healed));
        Assert.Empty(view.Gaps);
    }
}
