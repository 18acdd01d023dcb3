namespace AetherLink.Tests.Orchestrator;

/// <summary>By whom a call is answered where the file says more than priorities.</summary>
public sealed class RoutedCallsTests
{
    [Fact]
    public async Task Tenant_is_routed_by_its_own_policy_and_each_attempt_says_why()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var app = await OrchestratorApp.StartAsync($$"""
            version: 1
            routing:
              tenants:
                thrifty: {strategy: least_cost}
                curious: {strategy: split, split: {dear: 0, cheap: 100} }
            providers:
              - {name: dear, type: http, url: "{{provider.Url}}", priority: 1, capabilities: [extract], price: {output_usd_per_million_tokens: 10} }
              - {name: cheap, type: http, url: "{{provider.Url}}", priority: 2, capabilities: [extract], price: {output_usd_per_million_tokens: 1} }
            """);

        Assert.Equal([("dear", "success", "priority 1"), ("cheap", "passed_over", "priority 2")], await AskAsync(app, "anybody"));
        Assert.Equal(
            [("cheap", "success", "costs at most 0.002048 USD"), ("dear", "passed_over", "costs at most 0.02048 USD")],
            await AskAsync(app, "thrifty"));
        Assert.Equal(
            [("cheap", "success", "drawn for 100 % of a split"), ("dear", "passed_over", "behind 0 % of a split")],
            await AskAsync(app, "curious"));
    }

    [Fact]
    public async Task Text_that_is_too_long_for_a_provider_goes_to_the_next()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var app = await OrchestratorApp.StartAsync($$"""
            version: 1
            providers:
              - {name: small, type: http, url: "{{provider.Url}}", priority: 1, capabilities: [extract], limits: {max_text_chars: 100} }
              - {name: local, type: local, capabilities: [extract]}
            """);

        using var response = await app.ExtractAsync(new string('x', 101));

        var body = await OrchestratorApp.ReadAsync(response);
        Assert.Equal("local", (string?)body["provider"]);
        Assert.Equal(
            ("skipped", "text_too_long", "takes 100 characters, and the text has 101"),
            ((string?)body["attempts"]![0]!["outcome"], (string?)body["attempts"]![0]!["error_class"], (string?)body["attempts"]![0]!["error"]));
        Assert.Empty(provider.Asked);
    }

    private static async Task<IEnumerable<(string Provider, string Outcome, string Why)>> AskAsync(OrchestratorApp app, string tenant)
    {
        using var response = await app.PostAsync(new { intent = "extract", tenant_id = tenant, payload = new { raw_text = "I'm Jane Doe" } });
        var attempts = (await OrchestratorApp.ReadAsync(response))["attempts"]!.AsArray();
        return attempts.Select(a => ((string)a!["provider"]!, (string)a["outcome"]!, (string)a["why"]!));
    }
}
