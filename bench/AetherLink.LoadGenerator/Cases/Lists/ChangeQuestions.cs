using System.Text.Json;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>The lists of what people and the healer did.</summary>
internal static class ChangeQuestions
{
    private const int Page = 50;

    public static IEnumerable<Question> All()
    {
        yield return Changes("/audit/operator (100,000)", "", Page, _ => true);
        yield return Changes("audit, actor", "?actor=actor-7", Page, one => one.Is("actor", "actor-7"));
        yield return Changes("audit, actor and an action of that one's", "?actor=actor-7&action=silence.created", Page, one => one.Is("actor", "actor-7") && one.Is("action", "silence.created"));
        yield return Changes("audit, action of nobody", "?action=nothing.done", 0, _ => false);
        yield return Changes("audit, tenant_id", "?tenant_id=tenant-7", Page, one => one.Is("tenant_id", "tenant-7"));
        yield return Changes("audit, target (10 entries)", $"?target={ManyChanges.RareTarget}", ManyChanges.OfRareTarget, one => one.Is("target", ManyChanges.RareTarget))
            with
        { InAll = ManyChanges.OfRareTarget };
        yield return Changes("audit, target of none", "?target=nothing", 0, _ => false);
        var (since, until) = (DateTimeOffset.UtcNow.AddDays(-300), DateTimeOffset.UtcNow.AddDays(-290));
        yield return Changes("audit, ten days long ago", $"?since={since.Text()}&until={until.Text()}", Page, one => one.At("at") >= since.AddSeconds(-1) && one.At("at") < until);
        yield return Stats("audit stats, a week", "", 7);
        yield return Stats("audit stats, a year", "?hours=8760", 365);
        // Four of five entries are a tenant's, and each has as many as the next.
        yield return Stats("audit stats, a year of a tenant", "?hours=8760&tenant_id=tenant-7", 365, ManyChanges.Tenants);
        yield return Question.List("the healer's history (50,000)", "/autoheal/history?limit=50", "history", Page, one => one.Text("service").StartsWith("target-", StringComparison.Ordinal))
            .And(one => one.Number("total_in_history") == ManyChanges.Heals, "not all are counted") with
        { IsHealers = true };
        yield return new Question("the healer's statistics", "/autoheal/stats", stats =>
            stats.Number("total_attempts") == ManyChanges.Heals && stats.Number("failed") == ManyChanges.Heals / 20 && stats.GetProperty("services").Sum() == ManyChanges.Heals
                ? null : "other figures")
        { IsHealers = true };
        yield return Question.List("/ops/autoheal", "/ops/autoheal", "history", Page, one => one.Text("service").StartsWith("target-", StringComparison.Ordinal));
    }

    private static Question Changes(string name, string query, int page, Func<JsonElement, bool> fits) =>
        Question.List(name, $"/audit/operator{query}", "entries", page, fits);

    private static Question Stats(string name, string query, int days, int part = 1) => new(name, $"/audit/operator/stats{query}", stats =>
    {
        var wanted = Math.Min(ManyChanges.Count, days * 24 * 60 / ManyChanges.MinutesApart) / part;
        return Math.Abs(stats.Number("total") - wanted) <= 12 && stats.GetProperty("by_action").Sum() == stats.Number("total")
            && stats.GetProperty("by_actor").Sum() == stats.Number("total") ? null : $"{stats.Number("total")} instead of {wanted}";
    });
}
