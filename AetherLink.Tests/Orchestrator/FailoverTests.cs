using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Orchestrator;

public sealed class FailoverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Circuit_opens_is_shown_and_closes_again_when_the_provider_is_back()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Status(500));
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url);

        for (var call = 0; call < 3; call++) (await app.ExtractAsync()).Dispose();
        using var skipped = await app.ExtractAsync();
        var health = await Health(app);
        await Eventually.True(async () => (string?)(await Health(app))["primary"]!["state"] == "half_open", Patience, "the circuit is due for its probe");
        provider.Answer = Answers.Of("http", Answers.Lead);
        await Eventually.True(async () => await UsedBy(app) == "primary", Patience, "the provider is used again");

        var attempt = (await OrchestratorApp.ReadAsync(skipped))["attempts"]![0]!;
        Assert.Equal(("skipped", "circuit_open"), ((string?)attempt["outcome"], (string?)attempt["error_class"]));
        Assert.StartsWith("circuit open until ", (string?)attempt["error"], StringComparison.Ordinal);
        Assert.Equal(
            """{"configured":true,"healthy":false,"state":"open","last_error":"overload: HTTP 500","last_checked":"","total_calls":3,"failed_calls":3,"success_rate":0,"latency_ms":{"p50":0,"p95":0},"in_flight":0}""",
            Settled(health["primary"]!));
        var again = (await Health(app))["primary"]!;
        Assert.Equal((true, "closed"), ((bool)again["healthy"]!, (string?)again["state"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rate_limit_is_honoured_for_as_long_as_it_asks(bool namesItsEnd)
    {
        const string Until = "circuit open until ";
        var began = DateTimeOffset.UtcNow;
        await using var provider = await FakeProvider.StartAsync(
            Answers.Status(429, namesItsEnd ? began.AddSeconds(60).ToString("R", CultureInfo.InvariantCulture) : "60"));
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url);

        for (var call = 0; call < 5; call++) (await app.ExtractAsync()).Dispose();
        using var skipped = await app.ExtractAsync();

        Assert.Single(provider.Asked);
        var error = (string)(await OrchestratorApp.ReadAsync(skipped))["attempts"]![0]!["error"]!;
        Assert.StartsWith(Until, error, StringComparison.Ordinal);
        // By itself it would be open for a second.
        Assert.InRange(DateTimeOffset.Parse(error[Until.Length..], CultureInfo.InvariantCulture), began.AddSeconds(50), began.AddSeconds(120));
    }

    [Fact]
    public async Task Refusal_whose_explanation_never_ends_keeps_its_class_and_its_end()
    {
        await using var provider = await FakeProvider.StartAsync(async context =>
        {
            (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (429, "60");
            await Answers.StallInTheBody(context);
        });
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url);

        using var refused = await app.ExtractAsync();
        using var skipped = await app.ExtractAsync();

        var attempt = (await OrchestratorApp.ReadAsync(refused))["attempts"]![0]!;
        Assert.Equal("rate_limit", (string?)attempt["error_class"]);
        Assert.InRange((double)attempt["latency_ms"]!, 0, 5_000);
        Assert.StartsWith("circuit open until ", (string?)(await OrchestratorApp.ReadAsync(skipped))["attempts"]![0]!["error"], StringComparison.Ordinal);
        Assert.Single(provider.Asked);
    }

    [Fact]
    public async Task Providers_without_key_or_address_are_skipped_and_say_so()
    {
        await using var app = await OrchestratorApp.StartAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "config", "ai-providers.yaml")));

        using var response = await app.ExtractAsync();

        var body = await OrchestratorApp.ReadAsync(response);
        Assert.Equal("local", (string?)body["used_provider"]);
        Assert.Equal(
            [
                "not configured: set ANTHROPIC_API_KEY", "not configured: set PROVIDER_OLLAMA_URL, or url in the file",
                "not configured: set OPENAI_API_KEY", "not configured: set PROVIDER_SUMMARIZER_URL, or url in the file", null,
            ],
            body["attempts"]!.AsArray().Select(a => (string?)a!["error"]));
        Assert.Equal("not configured: set ANTHROPIC_API_KEY", (string?)(await Health(app))["claude"]!["last_error"]);
        // Nobody failed: being without a key is no outage.
        await Eventually.True(() => app.Events.Count == 1, Patience);
        Assert.Equal("ai.provider.used", (string?)app.Events.Single()["event_type"]);
    }

    [Fact]
    public async Task Local_provider_answers_also_when_the_others_have_used_up_the_time()
    {
        await using var first = await FakeProvider.StartAsync(Answers.Stall);
        await using var app = await OrchestratorApp.StartAsync($$"""
            version: 1
            total_timeout_ms: 300
            providers:
              - {name: one, type: http, url: "{{first.Url}}", priority: 1, timeout_ms: 5000, capabilities: [extract]}
              - {name: two, type: http, url: "{{first.Url}}", priority: 2, timeout_ms: 5000, capabilities: [extract]}
              - {name: local, type: local, capabilities: [extract]}
            """);

        using var response = await app.ExtractAsync();

        var body = await OrchestratorApp.ReadAsync(response);
        Assert.Equal(
            [("one", "timeout"), ("two", "no_time_left"), ("local", null)],
            body["attempts"]!.AsArray().Select(a => ((string?)a!["provider"], (string?)a["error_class"])));
        Assert.Single(first.Asked);
        Assert.InRange((double)body["latency_ms"]!, 290, 3_000);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Every_call_is_answered_while_one_provider_is_dead_or_flapping(bool isDead, bool streams)
    {
        var calls = 0;
        await using var flapping = await FakeProvider.StartAsync(context => (Interlocked.Increment(ref calls) % 3) switch
        {
            0 => Answers.Status(503)(context),
            1 => Answers.Cut(context),
            _ => Answers.Of("ollama", Answers.Lead)(context),
        });
        await using var steady = await FakeProvider.StartAsync(Answers.Of("claude", Answers.Lead));
        await using var app = await OrchestratorApp.StartAsync(
            $$"""
            version: 1
            total_timeout_ms: 60000
            circuit: {failure_threshold: 5, open_seconds: 1}
            providers:
              - {name: first, type: ollama, model: m, url: "{{(isDead ? "http://127.0.0.1:1" : flapping.Url)}}", priority: 1, timeout_ms: 30000, capabilities: [extract]}
              - {name: second, type: claude, model: m, url: "{{steady.Url}}", priority: 2, timeout_ms: 30000, capabilities: [extract]}
            """,
            catchAudit: true,
            ("ANTHROPIC_API_KEY", "key-a"));
        object body = new { intent = "extract", tenant_id = "acme", payload = new { raw_text = "x" } };
        var answered = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, cancellationToken) =>
        {
            if (streams)
            {
                if ((await AnswerStream.AskAsync(app.Client, body, cancellationToken)).End == "done") Interlocked.Increment(ref answered);
                return;
            }
            using var response = await app.PostAsync(body, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK) Interlocked.Increment(ref answered);
        });

        // A provider that fails before its answer begins costs nobody theirs.
        Assert.Equal(100, answered);
        await app.WaitForAuditAsync(100);
    }

    private static async Task<JsonNode> Health(OrchestratorApp app) => (await app.Client.GetFromJsonAsync<JsonNode>("/providers/health"))!;

    private static string Settled(JsonNode health)
    {
        health["latency_ms"]!["p50"] = 0;
        health["latency_ms"]!["p95"] = 0;
        return OrchestratorApp.Settled(health);
    }

    private static async Task<string?> UsedBy(OrchestratorApp app)
    {
        using var response = await app.ExtractAsync();
        return (string?)(await OrchestratorApp.ReadAsync(response))["used_provider"];
    }
}
