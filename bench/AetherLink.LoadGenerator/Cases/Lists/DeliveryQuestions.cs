using System.Text.Json;
using AetherLink.LoadGenerator.Http;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>The lists of deliveries, endpoints, and what heals deliveries.</summary>
internal static class DeliveryQuestions
{
    private const int Page = 50;

    /// <summary>Up to here a total is exact.</summary>
    private const int MostCounted = 10_000;

    public static IEnumerable<Question> All()
    {
        yield return Deliveries("/alerts/deliveries/history (300,000)", "", Page, MostCounted, _ => true);
        yield return Deliveries("history, limit=200, skip=10000", "?limit=200&skip=10000", 200, MostCounted, _ => true);
        yield return Deliveries("history, tenant_id", "?tenant_id=tenant-7", Page, MostCounted, one => one.Is("tenant_id", "tenant-7"));
        yield return Deliveries("history, status=dead_letter", "?status=dead_letter", Page, ManyDeliveries.OfAState, one => one.Is("status", "dead_letter"));
        yield return Deliveries("history, status=failed and tenant_id", "?status=failed&tenant_id=tenant-1", Page, ManyDeliveries.OfAState,
            one => one.Is("status", "failed") && one.Is("tenant_id", "tenant-1"));
        yield return Deliveries("history, status=failed of a tenant without", "?status=failed&tenant_id=tenant-7", 0, 0, _ => false);
        yield return Deliveries("history, status=success and tenant_id", "?status=success&tenant_id=tenant-7", Page, MostCounted,
            one => one.Is("status", "success") && one.Is("tenant_id", "tenant-7"));
        yield return Deliveries("history, status=success of a tenant that has none", $"?status=success&tenant_id={ManyDeliveries.Luckless}", 0, 0, _ => false);
        yield return Deliveries("history, status=dead_letter and tenant_id", $"?status=dead_letter&tenant_id={ManyDeliveries.Luckless}", Page, ManyDeliveries.OfAState,
            one => one.Is("status", "dead_letter") && one.Is("tenant_id", ManyDeliveries.Luckless));
        yield return Deliveries("history, triage=rate_limited", "?triage=rate_limited", Page, ManyDeliveries.OfAState, one => one.GetProperty("triage").Is("label", "rate_limited"));
        yield return Deliveries("history, endpoint_id (300)", $"?endpoint_id={ManyDeliveries.SomeEndpoint}", Page, 300, one => one.Is("endpoint_id", ManyDeliveries.SomeEndpoint), 1);
        yield return Deliveries("history, endpoint_id of one that is idle", $"?endpoint_id={ManyDeliveries.IdleEndpoint}", 0, 0, _ => false);
        yield return Deliveries("history, event_type (1 in 2)", "?event_type=ops.alert.resolved", Page, MostCounted, one => one.Is("event_type", "ops.alert.resolved"));
        yield return Deliveries("history, event_type (10 of them)", $"?event_type={ManyDeliveries.RareType}", ManyDeliveries.OfRareType, ManyDeliveries.OfRareType,
            one => one.Is("event_type", ManyDeliveries.RareType));
        yield return Deliveries("history, event_type of none", "?event_type=lead.created", 0, 0, _ => false);
        yield return Deliveries("history, status=success and event_type of none", "?status=success&event_type=lead.created", 0, 0, _ => false);
        var (start, end) = (DateTimeOffset.UtcNow.AddHours(-49), DateTimeOffset.UtcNow.AddHours(-48));
        yield return Deliveries("history, an hour long ago", $"?start_time={start.Text()}&end_time={end.Text()}", Page, 3600 / ManyDeliveries.SecondsApart,
            one => one.At("created_at") > start.AddSeconds(-1) && one.At("created_at") <= end, 1);
        yield return Question.List("a delivery with its ten attempts", ManyDeliveries.GivenUp, "attempts", 10, one => one.Number("http_status") == 500)
            .And(one => one.GetProperty("delivery").Is("status", "dead_letter") && one.GetProperty("payload").GetProperty("data").Is("alert_severity", "critical"), "another delivery");
        yield return new Question("/alerts/deliveries/stats", "/alerts/deliveries/stats", stats =>
            stats.Number("queued") == MostCounted && stats.GetProperty("queued_capped").GetBoolean() && stats.Number("near_failure") == ManyDeliveries.OfAState / 10
                && stats.Number("delivered") > 30_000 && stats.GetProperty("by_triage").Sum() == stats.Number("failed_attempts") ? null : $"other figures: {stats}");
        yield return new Question("delivery stats, tenant_id", "/alerts/deliveries/stats?tenant_id=tenant-2", stats =>
            stats.Number("queued") == ManyDeliveries.OfAState && stats.Number("failed_attempts") == 0 ? null : $"other figures: {stats}");
        yield return Question.List("/alerts/webhooks (1,000)", "/alerts/webhooks", "webhooks", Page, one => one.Text("url").EndsWith(".example.com/***", StringComparison.Ordinal))
            with
        { InAll = ManyDeliveries.Endpoints, Caller = RequestBytes.Admin };
        yield return Question.List("/autoheal/cooldowns (100)", "/autoheal/cooldowns", "cooldowns", Page, one => one.At("until") > DateTimeOffset.UtcNow) with { InAll = ManyDeliveries.Cooling };
        yield return Question.List("/autoheal/rules (200, and the healer's own)", "/autoheal/rules", "rules", ManyDeliveries.HealingRules, one => one.Text("name").Length > 0)
            .And(one => one.GetProperty("container_healing").ValueKind == JsonValueKind.Object, "the healer was not asked");
    }

    /// <summary>A list that tells its total, which may be capped, and one or more off where rows move through the bounds of a time.</summary>
    private static Question Deliveries(string name, string query, int page, int total, Func<JsonElement, bool> fits, int off = 0) =>
        Question.List(name, $"/alerts/deliveries/history{query}", "items", page, fits)
            .And(answer => Math.Abs(answer.Number("total") - total) <= off && answer.GetProperty("total_capped").GetBoolean() == (total == MostCounted), $"the total is not {total}");
}
