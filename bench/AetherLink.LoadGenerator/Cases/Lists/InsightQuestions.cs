using System.Text.Json;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>What is unusual, what is safe to do, how the tenants and the mesh stood, and what probably caused it.</summary>
internal static class InsightQuestions
{
    private const int Page = 50;

    /// <summary>Causes are found, and not read from a list.</summary>
    private const double OfCauses = 1_000;

    private const int Month = 24 * 31;

    public static IEnumerable<Question> All() => [.. OfAnomalies(), .. OfReplays(), .. Sums(), .. OfTheMesh()];

    private static IEnumerable<Question> OfAnomalies()
    {
        yield return Question.List("/anomalies/current (1,000)", "/anomalies/current", "incidents", Page, one => one.GetProperty("ended_at").ValueKind == JsonValueKind.Null)
            .And(one => one.GetProperty("summary").Number("total") >= ManyInsights.Current, "not all are counted");
        yield return Question.List("current anomalies, tenant_id", "/anomalies/current?tenant_id=tenant-7", "incidents", ManyInsights.Current / LongHistory.Tenants,
            one => one.Is("tenant_id", "tenant-7")) with
        { InAll = ManyInsights.Current / LongHistory.Tenants };
        yield return Anomalies("/anomalies/history (50,000), a month", $"?hours={Month}", Page, _ => true);
        yield return Anomalies("anomaly history, called false", $"?hours={Month}&state=false_positive", Page, one => one.Is("state", "false_positive"));
        yield return Anomalies("anomaly history, tenant_id and severity", $"?hours={Month}&tenant_id=tenant-7&severity=error", Page,
            one => one.Is("tenant_id", "tenant-7") && one.Is("severity", "error"));
        yield return Anomalies("anomaly history, one series", $"?hours={Month}&series=events/bench.type-110/info", Page, one => one.Is("series", "events/bench.type-110/info"));
        yield return Anomalies("anomaly history, series of none", $"?hours={Month}&series=heals/nobody", 0, _ => false);
        yield return new Question("anomaly stats, a month", $"/anomalies/stats?hours={Month}", one =>
            one.Number("total") >= ManyInsights.Anomalies && one.Number("false_positives") > 0 ? null : $"{one.Number("total")} in all");
        yield return new Question("an anomaly with its points", $"/anomalies/{ManyInsights.SomeAnomaly}", one =>
            one.GetProperty("incident").Is("id", ManyInsights.SomeAnomaly) && one.GetProperty("points").GetArrayLength() > 0 ? null : "another anomaly");
    }

    private static IEnumerable<Question> OfReplays()
    {
        const string Path = "/insights/replay-recommendations";
        // Nobody has been reached since, so that all have to be waited for: as many are looked at as one question may.
        yield return Question.Walk("/insights/replay-recommendations", $"{Path}?hours={Month}", "recommendations", Page, one => one.Is("recommendation", "retry_now"))
            with
        { Least = null };
        yield return Question.Walk("recommendations, all of them", $"{Path}?hours={Month}&recommendation=retry_now,wait_until,ask,fix", "recommendations", Page, _ => true);
        yield return Question.Walk("recommendations, tenant_id", $"{Path}?hours={Month}&tenant_id={ManyDeliveries.Luckless}&recommendation=retry_now,wait_until,ask,fix",
            "recommendations", Page, one => one.Is("tenant_id", ManyDeliveries.Luckless));
    }

    private static IEnumerable<Question> Sums()
    {
        foreach (var (name, query) in ((string, string)[])[("a day", ""), ("a month", $"?hours={Month}"), ("a month of a tenant", $"?hours={Month}&tenant_id=tenant-7")])
        {
            yield return new Question($"/operator-insights/summary, {name}", $"/operator-insights/summary{query}", one =>
                one.GetProperty("deliveries").Number("delivered") > 0 && one.GetProperty("ai").Number("calls") > 0 ? null : "nothing in it");
            yield return new Question($"/operator-insights/trends, {name}", $"/operator-insights/trends{query}", one =>
                one.GetProperty("now").Number("events") > 0 && one.GetProperty("now").Number("delivered") > 0 ? null : "nothing in it");
        }
        foreach (var (name, query) in ((string, string)[])[("a day", "?hours=24"), ("a month", $"?hours={Month}")])
        {
            yield return new Question($"/tenant_analytics/summary, {name}", $"/tenant_analytics/summary{query}", answer =>
                Question.WrongPage(answer, "tenants", LongHistory.Tenants, Page, one => one.GetProperty("health_score").GetDouble() is >= 0 and <= 100));
        }
    }

    private static IEnumerable<Question> OfTheMesh()
    {
        yield return new Question("/ops/state, now", "/ops/state", one => one.GetProperty("alerts").GetArrayLength() == 200 ? null : "other alerts");
        var at = DateTimeOffset.UtcNow.AddHours(-12);
        yield return new Question("/ops/state, twelve hours ago", $"/ops/state?at={at.Text()}", one =>
            one.At("at") > at.AddMinutes(-1) && one.At("at") <= at.AddMinutes(1) ? null : "another time");
        foreach (var (name, minutes) in ((string, int)[])[("a quarter of an hour", 15), ("an hour", 60), ("three hours", 180)])
        {
            // Before the run, so that it is none that is answered from what was found a moment ago.
            var to = DateTimeOffset.UtcNow.AddMinutes(-1);
            yield return new Question($"/insights/causes, {name} of {ManyInsights.Series} series",
                $"/insights/causes?from={to.AddMinutes(-minutes).Text()}&to={to.Text()}", one => one.GetProperty("causes").GetArrayLength() <= 5 ? null : "too many")
            { PromisedMilliseconds = OfCauses };
        }
    }

    private static Question Anomalies(string name, string query, int page, Func<JsonElement, bool> fits) =>
        Question.List(name, $"/anomalies/history{query}", "incidents", page, fits);
}
