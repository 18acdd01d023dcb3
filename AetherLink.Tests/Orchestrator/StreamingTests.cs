using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Orchestrator;

public sealed class StreamingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly object Body = new { intent = "extract", tenant_id = "acme", payload = new { raw_text = "I'm Jane Doe" } };

    [Theory]
    [InlineData("claude")]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task Text_of_a_model_is_passed_on_as_it_is_written_and_ends_in_done(string type)
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of(type, "Here: ", Answers.Lead[..20], Answers.Lead[20..60], Answers.Lead[60..]));
        await using var app = await OrchestratorApp.StartWithAsync(type, provider.Url);

        var stream = await AnswerStream.AskAsync(app.Client, Body);
        await app.WaitForAuditAsync(1);

        Assert.Equal((Answers.Lead, 3, "done"), (stream.Text, stream.Deltas, stream.End));
        Assert.Equal(
            """{"status":"ok","intent":"extract","used_provider":"primary","provider":"primary","model":"served-model","latency_ms":0,"overhead_ms":0,"attempts":[{"provider":"primary","outcome":"success","error":null,"error_class":null,"latency_ms":0,"why":"priority 1"},{"provider":"local","outcome":"passed_over","error":null,"error_class":null,"latency_ms":0,"why":"priority 100"}],"usage":{"input_tokens":11,"output_tokens":7,"cost_usd":9.2E-05},"result":{"name":"Ada Lovelace","email":"ada@engine.org","company":"Engine","phone":null,"tags":["pricing"],"status":"new"}}""",
            OrchestratorApp.Settled(stream.Data!));
        var record = Assert.Single(app.Audit);
        Assert.Equal(
            ("success", "primary", """{"input_tokens":11,"output_tokens":7,"cost_usd":9.2E-05}"""),
            ((string?)record["outcome"], (string?)record["provider"], record["usage"]!.ToJsonString()));
        var asked = Assert.Single(provider.Asked).Body;
        Assert.True((bool)asked["stream"]!);
        // Without it OpenAI does not say what a stream took.
        Assert.Equal(type == "openai", (bool?)asked["stream_options"]?["include_usage"] ?? false);
    }

    [Fact]
    public async Task Provider_that_answers_at_once_is_one_piece()
    {
        await using var app = await OrchestratorApp.StartAsync();

        var stream = await AnswerStream.AskAsync(app.Client, Body);

        Assert.Equal(("done", 1), (stream.End, stream.Deltas));
        Assert.True(JsonNode.DeepEquals(stream.Data!["result"], JsonNode.Parse(stream.Text)));
    }

    [Fact]
    public async Task Next_provider_answers_while_nothing_of_the_first_is_out()
    {
        await using var provider = await FakeProvider.StartAsync(async context =>
        {
            await Wire.WriteBeginningAsync(context, "claude", "Well, ");
            context.Abort();
        });
        await using var app = await OrchestratorApp.StartWithAsync("claude", provider.Url);

        var stream = await AnswerStream.AskAsync(app.Client, Body);

        Assert.Equal(("done", "local"), (stream.End, (string?)stream.Data!["provider"]));
        Assert.Equal("network", (string?)stream.Data["attempts"]![0]!["error_class"]);
    }

    [Fact]
    public async Task Answer_that_breaks_off_ends_in_an_error_that_says_so()
    {
        await using var provider = await FakeProvider.StartAsync(async context =>
        {
            await Wire.WriteBeginningAsync(context, "openai", "{\"name\":", "\"Ad");
            await Answers.Stall(context);
        });
        await using var app = await OrchestratorApp.StartWithAsync("openai", provider.Url, timeoutMs: 400);

        var stream = await AnswerStream.AskAsync(app.Client, Body);
        await app.WaitForAuditAsync(1);

        Assert.Equal(("{\"name\":\"Ad", "error"), (stream.Text, stream.End));
        Assert.Equal(
            (502, "The answer broke off", "timeout: no answer within 400 ms"),
            ((int)stream.Data!["status"]!, (string?)stream.Data["message"], (string?)stream.Data["errors"]![0]!["error"]));
        var record = Assert.Single(app.Audit);
        Assert.Equal(("failed", 1), ((string?)record["outcome"], record["attempts"]!.AsArray().Count));
    }

    [Fact]
    public async Task Reader_that_leaves_cancels_the_provider_and_is_audited_once()
    {
        await using var provider = await FakeProvider.StartAsync(async context =>
        {
            await Wire.WriteBeginningAsync(context, "ollama", "{\"name\":");
            await Answers.Stall(context);
        });
        await using var app = await OrchestratorApp.StartAsync($$"""
            version: 1
            total_timeout_ms: 60000
            providers:
              - {name: slow, type: ollama, model: m, url: "{{provider.Url}}", priority: 1, timeout_ms: 60000, capabilities: [extract]}
              - {name: local, type: local, capabilities: [extract]}
            """);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orchestrate/stream") { Content = JsonContent.Create(Body) };
        var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await lines.ReadLineAsync() is { } line && line != "event: delta") { }

        response.Dispose();

        await app.WaitForAuditAsync(1);
        await Eventually.True(() => provider.Aborted == 1, Patience, "the provider's request is cancelled");
        Assert.Equal("cancelled", (string?)Assert.Single(app.Audit)["outcome"]);
        Assert.Equal("""{"closed":true}""", await State(app));
    }

    [Fact]
    public async Task Refusals_before_the_stream_are_answers_like_any_other()
    {
        await using var app = await OrchestratorApp.StartAsync();

        using var wrong = await app.Client.PostAsJsonAsync("/orchestrate/stream", new { intent = "dance" });

        Assert.StartsWith("intent: Unknown intent 'dance'", (await wrong.AssertProblemAsync(400)).Detail(), StringComparison.Ordinal);
        Assert.Empty(app.Audit);
    }

    private static async Task<string> State(OrchestratorApp app)
    {
        var health = (await app.Client.GetFromJsonAsync<JsonNode>("/providers/health"))!["slow"]!;
        return new JsonObject { ["closed"] = (string?)health["state"] == "closed" && (int)health["in_flight"]! == 0 }.ToJsonString();
    }
}
