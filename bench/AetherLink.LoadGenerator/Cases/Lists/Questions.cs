using System.Globalization;
using System.Text.Json;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>Each list with each kind of filter, the rare and the absent among them, and what its rows must be.</summary>
internal static class Questions
{
    private const int Page = 50;

    public static IEnumerable<Question> All() => [.. OfEvents(), .. OfAiCalls(), .. DeliveryQuestions.All(), .. AlertQuestions.All(), .. ChangeQuestions.All(), .. InsightQuestions.All(), .. OfTheMesh()];

    private static IEnumerable<Question> OfEvents()
    {
        const string Recent = "/events/recent";
        yield return Events("/events/recent", Recent, _ => true);
        yield return Question.Walk("recent, limit=500", $"{Recent}?limit=500", "events", 500, _ => true);
        yield return Events("recent, tenant_id", $"{Recent}?tenant_id=tenant-7", one => one.Is("tenant_id", "tenant-7"));
        yield return Events("recent, event_type", $"{Recent}?event_type=ai.fallback.used", one => one.Is("event_type", "ai.fallback.used"));
        yield return Events("recent, type and tenant", $"{Recent}?event_type=ai.fallback.used&tenant_id=tenant-3",
            one => one.Is("event_type", "ai.fallback.used") && one.Is("tenant_id", "tenant-3"));
        yield return Events("recent, severity (1 in 1,000)", $"{Recent}?severity=critical", one => one.Is("severity", "critical"));
        yield return Events("recent, severities (1 in 20)", $"{Recent}?severity=error,critical", one => one.Is("severity", "critical") || one.Is("severity", "error"));
        yield return Events("recent, severity and tenant", $"{Recent}?severity=critical&tenant_id=tenant-0", one => one.Is("severity", "critical") && one.Is("tenant_id", "tenant-0"));
        yield return Events("recent, source (1 in 50)", $"{Recent}?source=source-17", one => one.Is("source", "source-17"));
        yield return Question.WholeWalk("recent, source of another tenant", $"{Recent}?source=source-17&tenant_id=tenant-3", "events", 0, _ => false);
        yield return Question.WholeWalk("recent, source of nobody", $"{Recent}?source=nobody", "events", 0, _ => false);
        yield return Question.WholeWalk("recent, trace_id (5 events)", $"{Recent}?trace_id={MillionEvents.SomeTrace}", "events", 5, one => one.Is("trace_id", MillionEvents.SomeTrace));
        yield return Question.WholeWalk("recent, text (10 events)", $"{Recent}?text={MillionEvents.RareWord}", "events", 10,
            one => one.GetProperty("payload").Text("note").Contains(MillionEvents.RareWord, StringComparison.Ordinal))
            // No index holds a text: its walk may end early every time.
            with
        { Least = null };
        var (since, until) = (Ago(13), Ago(12));
        yield return Events("recent, an hour long ago", $"{Recent}?since={since.Text()}&until={until.Text()}", one => one.At("received_at") >= since && one.At("received_at") <= until);
        yield return Events("/events/audit?days=7", "/events/audit?days=7", one => one.At("received_at") > Ago(24 * 7 + 1));
        yield return new Question("/events/stats", "/events/stats", stats =>
            stats.Number("total") < MillionEvents.Count || stats.GetProperty("by_type").Sum() < 0.9 * MillionEvents.Count ? $"too few: {stats.Number("total")}" : null);
        yield return new Question("stats, tenant_id, 168 h", "/events/stats?tenant_id=tenant-7&hours=168", stats =>
            stats.Number("total") == MillionEvents.Count / LongHistory.Tenants && stats.GetProperty("by_severity").Sum() == stats.Number("total")
                ? null : $"{stats.Number("total")} in all");
        yield return Events("/ops/events/recent", "/ops/events/recent", _ => true);
        yield return new Question("/events/schema (500 registered types)", "/events/schema", answer =>
            Question.WrongPage(answer, "schemas", ManyChanges.Types + 10, ManyChanges.Types + 200, one => one.GetProperty("required").GetArrayLength() >= 0));
        yield return new Question("schema, one type", $"/events/schema/{ManyChanges.SomeType}", one =>
            one.Is("event_type", ManyChanges.SomeType) && one.GetProperty("required")[0].GetString() == "id" ? null : "another type");
        yield return new Question("/events/retention", "/events/retention", one =>
            one.GetProperty("tenants").Sum() == 60 * LongHistory.Tenants ? null : "not all tenants' policies")
        { Caller = Http.RequestBytes.Admin };
    }

    private static IEnumerable<Question> OfAiCalls()
    {
        yield return new Question("/ops/ai/usage (100,000 calls)", "/ops/ai/usage", usage =>
            usage.GetProperty("total").Number("calls") == MillionEvents.AiCalls ? null : $"{usage.GetProperty("total").Number("calls")} calls");
        yield return Question.List("/ops/ai/calls", "/ops/ai/calls", "calls", Page, _ => true);
        yield return Question.WholeWalk("calls of a tenant by nobody", "/ops/ai/calls?tenant_id=tenant-1&provider=nobody", "calls", 0, _ => false);
    }

    private static IEnumerable<Question> OfTheMesh()
    {
        yield return new Question("/ops/services", "/ops/services", answer => Question.WrongPage(answer, "services", 1, 100, one => one.Text("name").Length > 0));
        yield return new Question("/ops/health", "/ops/health", answer => answer.GetProperty("services").EnumerateObject().Any() ? null : "no services");
    }

    private static Question Events(string name, string path, Func<JsonElement, bool> fits) => Question.Walk(name, path, "events", Page, fits);

    private static DateTimeOffset Ago(double hours) => DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddHours(-hours).ToUnixTimeSeconds());
}

/// <summary>What is read from answers.</summary>
internal static class Reading
{
    public static bool Is(this JsonElement row, string property, string value) => row.GetProperty(property).ValueEquals(value);

    public static string Text(this JsonElement row, string property) => row.GetProperty(property).GetString() ?? "";

    public static long Number(this JsonElement row, string property) => row.GetProperty(property).GetInt64();

    public static DateTimeOffset At(this JsonElement row, string property) => row.GetProperty(property).GetDateTimeOffset();

    public static long Sum(this JsonElement figures) => figures.EnumerateObject().Sum(one => one.Value.GetInt64());

    public static string Text(this DateTimeOffset time) => Row.Text($"{time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)}Z");
}
