using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.Orchestrator;

/// <summary>What an answer took counts also when the answer is none; and an answer that does not end is none.</summary>
public sealed class AccountedAnswersTests
{
    private static readonly object Body = new { intent = "extract", tenant_id = "acme", payload = new { raw_text = "x" } };

    [Theory]
    [InlineData("claude", false)]
    [InlineData("claude", true)]
    [InlineData("openai", false)]
    [InlineData("openai", true)]
    [InlineData("ollama", false)]
    [InlineData("ollama", true)]
    [InlineData("http", false)]
    [InlineData("http", true)]
    public async Task Tokens_of_an_answer_of_the_wrong_shape_are_accounted(string type, bool streams)
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of(type, """ {"name":5} """));
        await using var app = await OrchestratorApp.StartWithAsync(type, provider.Url, ("PROVIDER_ORDER", "primary"));

        await AskAsync(app, streams);
        await app.WaitForAuditAsync(1);

        var record = app.Audit.Single();
        Assert.Equal(("failed", "invalid_answer"), ((string?)record["outcome"], (string?)record["attempts"]![0]!["error_class"]));
        Assert.Equal("""{"input_tokens":11,"output_tokens":7,"cost_usd":9.2E-05}""", record["usage"]!.ToJsonString());
    }

    [Theory]
    [InlineData("claude", false)]
    [InlineData("claude", true)]
    [InlineData("openai", false)]
    [InlineData("openai", true)]
    [InlineData("ollama", false)]
    [InlineData("ollama", true)]
    [InlineData("http", false)]
    public async Task Line_or_body_that_does_not_end_is_read_only_so_far(string type, bool streams)
    {
        await using var provider = await FakeProvider.StartAsync(async context =>
        {
            context.Response.ContentType = !streams ? "application/json" : type == "ollama" ? "application/x-ndjson" : "text/event-stream";
            if (streams && type != "ollama") await context.Response.WriteAsync("data: ");
            var endless = new byte[64 << 10];
            Array.Fill(endless, (byte)' ');
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(endless, context.RequestAborted);
        });
        await using var app = await OrchestratorApp.StartWithAsync(type, provider.Url, ("PROVIDER_ORDER", "primary"));

        var error = await AskAsync(app, streams);

        Assert.Contains($"invalid_answer: {(streams ? "a line of the answer does not end within 1048576" : "the answer does not end within 4194304")} bytes", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_is_too_long_by_its_own_word_is_not_read()
    {
        await using var provider = await FakeProvider.StartAsync(async context =>
        {
            context.Response.ContentLength = 5 << 20;
            await context.Response.WriteAsync("{");
            await Answers.Stall(context);
        });
        await using var app = await OrchestratorApp.StartWithAsync("openai", provider.Url, ("PROVIDER_ORDER", "primary"));

        Assert.Contains("invalid_answer: the answer has 5242880 bytes, which is more than 4194304", await AskAsync(app, streams: false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_accounted_to_whoever_took_them_and_not_to_who_answered()
    {
        await using var wordy = await FakeProvider.StartAsync(Answers.Of("http", """ {"name":5} """));
        await using var good = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await OrchestratorApp.StartAsync($$"""
            version: 1
            providers:
              - {name: wordy, type: http, url: "{{wordy.Url}}", priority: 1, capabilities: [extract], price: {input_usd_per_million_tokens: 2, output_usd_per_million_tokens: 10} }
              - {name: good, type: ollama, model: m, url: "{{good.Url}}", priority: 2, capabilities: [extract]}
            """);

        await AskAsync(app, streams: false);
        await app.WaitForAuditAsync(1);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/usage") { Headers = { { "X-User-Roles", "operator" } } };
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress };
        using var response = await client.SendAsync(request);
        var usage = await OrchestratorApp.ReadAsync(response);

        Assert.Equal(
            """{"good":{"calls":1,"succeeded":1,"cached":0,"rejected":0,"input_tokens":11,"output_tokens":7,"cost_usd":0},"wordy":{"calls":0,"succeeded":0,"cached":0,"rejected":0,"input_tokens":11,"output_tokens":7,"cost_usd":9.2E-05}}""",
            usage["by_provider"]!.ToJsonString());
        Assert.Equal("""{"calls":1,"succeeded":1,"cached":0,"rejected":0,"input_tokens":22,"output_tokens":14,"cost_usd":9.2E-05}""", usage["total"]!.ToJsonString());
        var record = app.Audit.Single();
        Assert.Equal("""{"input_tokens":22,"output_tokens":14,"cost_usd":9.2E-05}""", record["usage"]!.ToJsonString());
        Assert.Equal("""{"input_tokens":11,"output_tokens":7,"cost_usd":9.2E-05}""", record["attempts"]![0]!["usage"]!.ToJsonString());
        Assert.Null(record["attempts"]![1]!["usage"]);
    }

    private static async Task<string?> AskAsync(OrchestratorApp app, bool streams)
    {
        JsonNode answer;
        if (streams)
        {
            answer = (await AnswerStream.AskAsync(app.Client, Body)).Data!;
        }
        else
        {
            using var response = await app.PostAsync(Body);
            answer = await OrchestratorApp.ReadAsync(response);
        }
        return (string?)answer["errors"]?[0]?["error"];
    }
}
