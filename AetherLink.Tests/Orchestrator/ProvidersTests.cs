using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Orchestrator;

public sealed class ProvidersTests
{
    [Theory]
    [InlineData("claude", "/v1/messages")]
    [InlineData("openai", "/v1/chat/completions")]
    [InlineData("ollama", "/api/chat")]
    [InlineData("http", "/")]
    public async Task Provider_answers_in_its_own_wire_format(string type, string path)
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of(type, Answers.Lead));
        await using var app = await OrchestratorApp.StartWithAsync(type, provider.Url);

        using var response = await app.ExtractAsync("Ada Lovelace of Engine wants a price");

        Assert.Equal(
            """{"status":"ok","intent":"extract-lead","used_provider":"primary","provider":"primary","model":"served-model","latency_ms":0,"overhead_ms":0,"attempts":[{"provider":"primary","outcome":"success","error":null,"error_class":null,"latency_ms":0,"why":"priority 1"},{"provider":"local","outcome":"passed_over","error":null,"error_class":null,"latency_ms":0,"why":"priority 100"}],"usage":{"input_tokens":11,"output_tokens":7,"cost_usd":9.2E-05},"result":{"name":"Ada Lovelace","email":"ada@engine.org","company":"Engine","phone":null,"tags":["pricing"],"status":"new"}}""",
            OrchestratorApp.Settled(await OrchestratorApp.ReadAsync(response)));
        var asked = Assert.Single(provider.Asked);
        Assert.Equal(path, asked.Path);
        Assert.Contains("Ada Lovelace of Engine wants a price", asked.Body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_go_where_each_provider_wants_them()
    {
        await using var claude = await FakeProvider.StartAsync(Answers.Of("claude", Answers.Lead));
        await using var openai = await FakeProvider.StartAsync(Answers.Of("openai", Answers.Lead));
        await using var first = await OrchestratorApp.StartWithAsync("claude", claude.Url);
        await using var second = await OrchestratorApp.StartWithAsync("openai", openai.Url);

        await first.ExtractAsync();
        await second.ExtractAsync();

        Assert.Equal("Bearer key-a", Assert.Single(claude.Asked).Headers.Authorization);
        Assert.Equal("Bearer key-o", Assert.Single(openai.Asked).Headers.Authorization);
    }

    [Fact]
    public async Task Another_key_is_taken_over_without_a_restart_and_closes_the_circuit()
    {
        await using var provider = await FakeProvider.StartAsync(context =>
            (context.Request.Headers.Authorization == "Bearer good" ? Answers.Of("ollama", Answers.Lead) : Answers.Status(401))(context));
        await using var app = await OrchestratorApp.StartWithAsync("ollama", provider.Url, ("PROVIDER_PRIMARY_API_KEY", "bad"));
        (await app.ExtractAsync()).Dispose();

        app.Services.GetRequiredService<IConfiguration>()["PROVIDER_PRIMARY_API_KEY"] = "good";

        await Eventually.True(async () =>
        {
            using var response = await app.ExtractAsync();
            return (string?)(await OrchestratorApp.ReadAsync(response))["used_provider"] == "primary";
        }, TimeSpan.FromSeconds(10), "the provider is used with its new key");
        var told = app.Events.First(e => (string?)e["event_type"] == "ai.provider.suspended");
        Assert.Equal(
            ("error", "primary", "credentials"),
            ((string?)told["severity"], (string?)told["payload"]!["provider"], (string?)told["payload"]!["error_class"]));
    }

    [Theory]
    [InlineData("claude", "$.output_config.format.schema.required", "$.max_tokens")]
    [InlineData("openai", "$.response_format.json_schema.schema.required", "$.max_completion_tokens")]
    [InlineData("ollama", "$.format.required", "$.options.num_predict")]
    public async Task Models_are_held_to_the_schema_of_the_intent_and_to_the_length_of_an_answer(string type, string schema, string length)
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of(type, Answers.Lead));
        await using var app = await OrchestratorApp.StartWithAsync(type, provider.Url);

        await app.ExtractAsync();

        var body = Assert.Single(provider.Asked).Body;
        Assert.Equal("""["name","email","company","phone","tags"]""", At(body, schema)?.ToJsonString());
        Assert.Equal(2_048, (int?)At(body, length));
        Assert.Equal("asked-model", (string?)body["model"]);
    }

    [Fact]
    public async Task Plain_endpoint_is_asked_as_it_was_before()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Text(Answers.Lead));
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url + "/v2/{intent}");

        using var response = await app.ExtractAsync("hello");

        var asked = Assert.Single(provider.Asked);
        Assert.Equal("/v2/extract-lead", asked.Path);
        Assert.Equal("""{"intent":"extract-lead","tenant_id":"acme","payload":{"raw_text":"hello"}}""", asked.Body.ToJsonString());
        Assert.Equal("primary", (string?)(await OrchestratorApp.ReadAsync(response))["used_provider"]);
    }

    [Fact]
    public async Task Model_that_wraps_its_json_in_a_fence_is_understood()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("ollama", $"Here it is:\n```json\n{Answers.Lead}\n```"));
        await using var app = await OrchestratorApp.StartWithAsync("ollama", provider.Url);

        using var response = await app.ExtractAsync();

        Assert.Equal("Ada Lovelace", (string?)(await OrchestratorApp.ReadAsync(response))["result"]!["name"]);
    }

    private static JsonNode? At(JsonNode node, string path) =>
        path[2..].Split('.').Aggregate<string, JsonNode?>(node, (n, name) => n?[name]);
}
