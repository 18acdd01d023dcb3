using System.Text.Json;
using AetherLink.LoadGenerator.Http;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>The lists of alerts, rules, silences and templates.</summary>
internal static class AlertQuestions
{
    private const int Page = 50;

    public static IEnumerable<Question> All()
    {
        yield return Alerts("/alerts (50,000)", "", _ => true);
        yield return Question.List("alerts, limit=500", "/alerts?limit=500", "alerts", 500, _ => true);
        yield return Alerts("alerts, state=raised (of 1,000 active)", "?state=raised", one => one.Is("state", "raised"));
        yield return Alerts("alerts, state=silenced and tenant_id", "?state=silenced&tenant_id=tenant-1", one => one.Is("state", "silenced") && one.Is("tenant_id", "tenant-1"));
        yield return Alerts("alerts, state=resolved and severity", "?state=resolved&severity=critical", one => one.Is("state", "resolved") && one.Is("severity", "critical"));
        yield return Rare("alerts, severity of one", "?severity=info", 1, one => one.Is("severity", "info"));
        yield return Rare("alerts, tenant of one", $"?tenant_id={ManyAlerts.RareTenant}", 1, one => one.Is("tenant_id", ManyAlerts.RareTenant));
        yield return Rare("alerts, a rule's (25)", $"?rule_id={ManyAlerts.SomeRule}", ManyAlerts.Count / ManyAlerts.Rules, one => one.GetProperty("rule").Is("rule_id", ManyAlerts.SomeRule));
        yield return Rare("alerts, a rule's by a severity it never had", $"?rule_id={ManyAlerts.SomeRule}&severity=critical", 0, _ => false);
        yield return Rare("alerts, active of a tenant by a severity it never has", "?state=raised,acknowledged,silenced&tenant_id=tenant-1&severity=critical", 0, _ => false);
        yield return Question.List("/alerts/rules (2,000)", "/alerts/rules", "rules", Page, _ => true);
        yield return Question.List("rules, tenant_id", "/alerts/rules?tenant_id=tenant-7", "rules", Page, one => one.Is("tenant_id", "tenant-7"))
            with
        { InAll = ManyAlerts.Rules / LongHistory.Tenants };
        yield return Question.List("/alerts/templates (1,000)", "/alerts/templates", "templates", Page, one => one.Text("template_id").Length > 0);
        yield return Question.List("/alerts/silences (11,000)", "/alerts/silences", "silences", Page, _ => true);
        yield return Question.List("silences, state=active (the oldest)", "/alerts/silences?state=active", "silences", Page, one => one.Is("state", "active"))
            with
        { InAll = ManyAlerts.SilencesInForce };
        yield return Question.List("silences, state=active and tenant_id", "/alerts/silences?state=active&tenant_id=tenant-7", "silences", Page,
            one => one.Is("state", "active") && one.Is("tenant_id", "tenant-7")) with
        { InAll = ManyAlerts.SilencesInForce / LongHistory.Tenants };
        yield return Question.List("silences, state=pending (none)", "/alerts/silences?state=pending", "silences", 0, _ => false);
        var muted = $"/alerts/silences/{ManyAlerts.SomeSilence}";
        yield return Question.List("a silence, and what it muted (20,000)", muted, "muted", Page, one => one.Text("rule_name").Length > 0)
            .And(one => one.GetProperty("silence").Is("silence_id", ManyAlerts.SomeSilence), "another silence");
        yield return Question.List("what it muted, to a tenant", muted, "muted", Page, one => one.Is("tenant_id", "tenant-7"))
            with
        { Caller = RequestBytes.OperatorOf("tenant-7"), InAll = ManyAlerts.Muted / LongHistory.Tenants };
        yield return Question.List("what it muted, to a tenant of one", muted, "muted", 1, one => one.Is("tenant_id", ManyAlerts.RareTenant))
            with
        { Caller = RequestBytes.OperatorOf(ManyAlerts.RareTenant), InAll = 1 };
    }

    private static Question Alerts(string name, string query, Func<JsonElement, bool> fits) => Question.List(name, $"/alerts{query}", "alerts", Page, fits);

    private static Question Rare(string name, string query, int count, Func<JsonElement, bool> fits) =>
        Question.List(name, $"/alerts{query}", "alerts", count, fits) with { InAll = count };
}
