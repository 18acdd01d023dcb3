namespace AetherLink.Tests.Access;

/// <summary>A good body for each endpoint whose body can name a tenant.</summary>
internal static class TenantBodies
{
    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["POST /events/publish"] = """{"event_type":"lead.created","source":"tests","payload":{},"tenant_id":"T"}""",
        ["POST /events/publish/batch"] = """[{"event_type":"lead.created","source":"tests","payload":{},"tenant_id":"T"}]""",
        ["POST /alerts/rules"] = Rule,
        ["POST /alerts/rules/preview"] = Rule,
        ["PUT /alerts/rules/{id}"] = Rule,
        ["POST /alerts/silences"] = """{"matchers":[{"label":"rule","op":"=","value":"any"}],"ends_at":"SOON","reason":"A test.","tenant_id":"T"}""",
        ["POST /alerts/templates"] = Template,
        ["PUT /alerts/templates/{id}"] = Template,
        ["POST /alerts/templates/{id}/materialize"] = """{"tenant_id":"T"}""",
        ["POST /alerts/webhooks"] = """{"url":"https://receiver.example/hook","tenant_id":"T"}""",
        ["PUT /alerts/webhooks/{id}"] = """{"tenant_id":"T"}""",
        ["POST /alerts/deliveries/replay"] = """{"filter":{"tenant_id":"T"},"dry_run":true}""",
        ["POST /autoheal/rules"] = Healing,
        ["PUT /autoheal/rules/{id}"] = Healing,
        ["POST /orchestrate"] = Call,
        ["POST /orchestrate/stream"] = Call,
    };

    private const string Rule = """{"name":"r","window_seconds":60,"threshold":3,"event_type":"lead.created","tenant_id":"T"}""";
    private const string Template = """{"name":"t","description":"A test.","rule":{"name":"r","window_seconds":60,"threshold":3},"tenant_id":"T"}""";
    private const string Healing = """{"name":"h","match_endpoint":"*","action":"cool_down","cooldown_seconds":60,"tenant_id":"T"}""";
    private const string Call = """{"intent":"extract-lead","tenant_id":"T","payload":{"raw_text":"Jane"}}""";

    public static string Of(string endpoint, string tenant) => Bodies.TryGetValue(endpoint.Replace(":guid", "", StringComparison.Ordinal), out var body)
        ? body.Replace("\"T\"", $"\"{tenant}\"", StringComparison.Ordinal).Replace("SOON", $"{DateTimeOffset.UtcNow.AddHours(2):O}", StringComparison.Ordinal)
        : throw new KeyNotFoundException($"{endpoint} takes a tenant in its body: add a good body for it here.");
}
