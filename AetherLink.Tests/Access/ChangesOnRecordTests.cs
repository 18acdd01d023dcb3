using System.Text.RegularExpressions;

namespace AetherLink.Tests.Access;

/// <summary>
/// Every endpoint that is no question leaves an entry in the operator audit, or it stands here why it does not: one that nobody has thought of
/// fails. That the entries are made, and what is in them, is held where the changes are tested.
/// </summary>
public sealed partial class ChangesOnRecordTests
{
    private static readonly Dictionary<string, string[]> OnRecord = new(StringComparer.Ordinal)
    {
        ["POST /alerts/deliveries/replay"] = ["delivery.bulk_replayed"],
        ["POST /alerts/deliveries/{id:guid}/replay"] = ["delivery.replayed"],
        ["POST /alerts/rules"] = ["alert_rule.created"],
        ["PUT /alerts/rules/{id}"] = ["alert_rule.changed"],
        ["PATCH /alerts/rules/{id}/enabled"] = ["alert_rule.changed"],
        ["DELETE /alerts/rules/{id}"] = ["alert_rule.deleted"],
        ["POST /alerts/silences"] = ["silence.created"],
        ["DELETE /alerts/silences/{id}"] = ["silence.ended"],
        ["POST /alerts/templates"] = ["alert_template.created"],
        ["PUT /alerts/templates/{id}"] = ["alert_template.changed"],
        ["DELETE /alerts/templates/{id}"] = ["alert_template.deleted"],
        ["POST /alerts/templates/{id}/materialize"] = ["alert_rule.created"],
        ["POST /alerts/webhooks"] = ["webhook.created"],
        ["PUT /alerts/webhooks/{id:guid}"] = ["webhook.changed"],
        ["DELETE /alerts/webhooks/{id:guid}"] = ["webhook.deleted"],
        ["POST /alerts/webhooks/{id:guid}/rotate-secret"] = ["webhook.secret_rotated"],
        ["POST /alerts/{id}/ack"] = ["alert.acknowledged"],
        ["POST /anomalies/{id:guid}/triage"] = ["anomaly.acknowledged", "anomaly.resolved", "anomaly.false_positive"],
        ["POST /autoheal/clear_endpoint_cooldown"] = ["endpoint_cooldown.cleared"],
        ["POST /autoheal/rules"] = ["healing_rule.created"],
        ["PUT /autoheal/rules/{id:guid}"] = ["healing_rule.changed"],
        ["DELETE /autoheal/rules/{id:guid}"] = ["healing_rule.deleted"],
        ["PUT /events/retention"] = ["retention.set"],
        ["DELETE /events/retention"] = ["retention.reset"],
        ["PUT /events/retention/tenants/{id}"] = ["retention.set"],
        ["DELETE /events/retention/tenants/{id}"] = ["retention.reset"],
        ["POST /events/schema"] = ["event_schema.registered"],
        ["POST /insights/causes/{id:guid}/verdict"] = ["cause.right_cause", "cause.wrong_cause"],
        ["POST /ops/register"] = ["service.registered"],
        ["DELETE /ops/services/{name}"] = ["service.unregistered"],
        ["POST /autoheal/{target}/restart"] = ["target.restarted"],
        ["POST /autoheal/maintenance"] = ["maintenance.opened"],
        ["DELETE /autoheal/maintenance"] = ["maintenance.ended"],
    };

    /// <summary>What healing rules do by themselves.</summary>
    private static readonly string[] ByTheService = ["endpoint_cooldown.started", "webhook.disabled"];

    private static readonly Dictionary<string, string> NotOnRecord = new(StringComparer.Ordinal)
    {
        ["POST /alerts/evaluate"] = "the evaluator's next turn, a little earlier",
        ["POST /alerts/rules/preview"] = "a question",
        ["POST /alerts/webhooks/{id:guid}/test"] = "a message to the endpoint, which stays as it is",
        ["POST /events/publish"] = "an event, which is its own record",
        ["POST /events/publish/batch"] = "events, which are their own record",
        ["POST /orchestrate"] = "a call, which has an audit of its own",
        ["POST /orchestrate/stream"] = "a call, which has an audit of its own",
        ["POST /api/session"] = "a session of the caller's own",
        ["DELETE /api/session"] = "a session of the caller's own",
        ["POST /resources/{name}/{command}"] = "the healer's: it has on record who wanted it",
    };

    /// <summary>What the gateway forwards is on record where it arrives.</summary>
    private static bool IsForwarded(AccessRow row) =>
        row.Service == "web" && MatrixHosts.Services.Any(service => row.Route.StartsWith($"/api/{service}/", StringComparison.Ordinal));

    [Fact]
    public void Every_endpoint_that_changes_something_is_on_record_or_says_why_not()
    {
        var changes = AccessMatrix.Rows.Where(row => row.Method is not ("GET" or "*") && !IsForwarded(row)).Select(row => row.Endpoint).Distinct();

        Assert.Equal(changes.Order(StringComparer.Ordinal), OnRecord.Keys.Concat(NotOnRecord.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Page_of_the_audit_names_every_action_and_no_other()
    {
        // | `silence.created`, `.ended` | silences |
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "audit.md"))
            .SkipWhile(line => !line.StartsWith("| action |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.Length > 0);
        var named = new List<string>();
        foreach (Match word in rows.SelectMany(row => Words().Matches(row.Split('|')[1])))
        {
            var kind = word.Groups["kind"].Value is { Length: > 0 } own ? own : named[^1].Split('.')[0];
            named.Add($"{kind}.{word.Groups["what"].Value}");
        }

        Assert.Equal(
            OnRecord.Values.SelectMany(actions => actions).Concat(ByTheService).Distinct().Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`(?<kind>[a-z_]*)\\.(?<what>[a-z_]+)`")]
    private static partial Regex Words();
}
