using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Alerts.Evaluating;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Alerts;

/// <summary>What tests of alerts ask, in one line.</summary>
internal static class AlertRequests
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static async Task<string> RuleAsync(this HttpClient client, object rule)
    {
        using var answer = await client.PostAsJsonAsync("/alerts/rules", rule);
        var body = await answer.JsonAsync();
        Assert.True(answer.IsSuccessStatusCode, body.ToJsonString());
        return (string)body["rule_id"]!;
    }

    public static async Task<JsonObject> EvaluateAsync(this HttpClient client)
    {
        using var answer = await client.PostAsync("/alerts/evaluate", null);
        var body = await answer.JsonAsync();
        Assert.True(answer.IsSuccessStatusCode, body.ToJsonString());
        return body;
    }

    public static async Task<JsonObject[]> AlertsAsync(this HttpClient client, string query = "") =>
        [.. (await client.JsonAsync("/alerts" + query))["alerts"]!.AsArray().Select(one => one!.AsObject())];

    /// <summary>The events of a type, oldest first.</summary>
    public static async Task<JsonObject[]> EventsAsync(this HttpClient client, string type) =>
        [.. (await client.JsonAsync($"/events/recent?limit=500&event_type={type}"))["events"]!.AsArray().Select(one => one!.AsObject()).Reverse()];

    public static async Task PublishManyAsync(this HttpClient client, int count, string type = "lead.created", string severity = "info", object? payload = null)
    {
        using var answer = await client.PostAsJsonAsync("/events/publish/batch", Enumerable.Range(0, count).Select(_ => new
        {
            event_type = type,
            source = "tests",
            severity,
            payload = payload ?? new { lead_id = "1" },
        }));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<string> StateAsync(this HttpClient client) =>
        string.Join(' ', (await client.AlertsAsync()).Select(alert => (string)alert["state"]!));

    /// <summary>Cuts the connection of the replica that evaluates.</summary>
    public static async Task<long> KillEvaluatorAsync(NpgsqlDataSource source)
    {
        await using var kill = OfEvaluator(source, "count(pg_terminate_backend(pid))");
        return (long)(await kill.ExecuteScalarAsync())!;
    }

    /// <summary>Asks of the connection that holds the evaluator's lock.</summary>
    public static NpgsqlCommand OfEvaluator(NpgsqlDataSource source, string what)
    {
        var command = source.CreateCommand(
            $"""
            select {what} from pg_locks join pg_stat_activity using (pid)
            where locktype = 'advisory' and classid = $1::bigint::oid and objid = (hashtext($2)::bigint & 4294967295)::oid
                and database = (select oid from pg_database where datname = current_database())
            """);
        command.Parameters.Add(new() { Value = 0x666f6c6cL });
        command.Parameters.Add(new() { Value = AlertFollower.FollowerName });
        return command;
    }
}
