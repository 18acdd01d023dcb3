using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Calls;
using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Orchestrator;

/// <summary>A second provider beside a first that takes long.</summary>
public sealed class HedgedCallTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly object Body = new { intent = "extract", tenant_id = "acme", payload = new { raw_text = "I'm Jane Doe" } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Second_answers_when_the_first_takes_long_and_the_first_is_cancelled(bool streams)
    {
        await using var slow = await FakeProvider.StartAsync(Answers.Stall);
        await using var quick = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await StartAsync(slow.Url, quick.Url, "hedge: {after_ms: 30}");

        var answer = await AskAsync(app, streams);
        await app.WaitForAuditAsync(1);

        Assert.Equal("second", (string?)answer["provider"]);
        Assert.Equal("Ada Lovelace", (string?)answer["result"]!["name"]);
        const string Tried = """{"provider":"first","outcome":"cancelled","error":"second was quicker","error_class":null,"latency_ms":0,"why":"priority 1"},{"provider":"second","outcome":"success","error":null,"error_class":null,"latency_ms":0,"why":"beside first, which had not answered after 30 ms; priority 2"}""";
        Assert.Equal($"[{Tried}]", OrchestratorApp.Settled(app.Audit.Single()["attempts"]!));
        Assert.Equal(["first", "second", "local"], answer["attempts"]!.AsArray().Select(a => (string?)a!["provider"]));
        Assert.InRange((double)answer["overhead_ms"]!, 0, (double)answer["latency_ms"]!);
        await Eventually.True(() => slow.Aborted == 1, Patience, "the first is cancelled");
        await Eventually.True(() => app.Events.Count == 1, Patience);
        Assert.Equal("ai.fallback.used", (string?)app.Events.Single()["event_type"]);
        // Nobody failed: it was only slower than somebody else.
        var health = await HealthAsync(app);
        Assert.Equal(("closed", 0, 0), ((string?)health["first"]!["state"], (int)health["first"]!["failed_calls"]!, (int)health["first"]!["in_flight"]!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hedge: {after_ms: 60000}")]
    [InlineData("hedge: {after_ms: 5, intents: [summarize]}")]
    [InlineData("hedge: {after: p95}")]
    [InlineData("tenants: {other: {hedge: {after_ms: 5}}}")]
    public async Task Nobody_is_asked_beside_another_unless_it_is_asked_for(string hedge)
    {
        await using var first = await FakeProvider.StartAsync(async context =>
        {
            using var slow = new PeriodicTimer(TimeSpan.FromMilliseconds(60));
            await slow.WaitForNextTickAsync();
            await Answers.Of("ollama", Answers.Lead)(context);
        });
        await using var second = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await StartAsync(first.Url, second.Url, hedge);

        var answer = await AskAsync(app, streams: false);

        Assert.Equal("first", (string?)answer["provider"]);
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task P95_of_the_first_is_the_time_that_it_is_waited_for()
    {
        await using var first = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var second = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await StartAsync(first.Url, second.Url, "hedge: {after: p95}");
        for (var call = 0; call < 20; call++) await AskAsync(app, streams: false);

        first.Answer = Answers.Stall;
        var answer = await AskAsync(app, streams: false);

        Assert.Equal("second", (string?)answer["provider"]);
    }

    [Fact]
    public async Task Stream_that_has_begun_is_not_hedged()
    {
        await using var first = await FakeProvider.StartAsync(async context =>
        {
            await Wire.WriteBeginningAsync(context, "ollama", "{\"name\":", "\"Ad");
            await Answers.Stall(context);
        });
        await using var second = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await StartAsync(first.Url, second.Url, "hedge: {after_ms: 400}", timeoutMs: 900);

        var stream = await AnswerStream.AskAsync(app.Client, Body);

        Assert.Equal(("{\"name\":\"Ad", "error"), (stream.Text, stream.End));
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task Stream_that_breaks_off_says_who_failed_and_who_was_only_slower()
    {
        await using var first = await FakeProvider.StartAsync(Answers.Stall);
        await using var second = await FakeProvider.StartAsync(async context =>
        {
            await Wire.WriteBeginningAsync(context, "ollama", "{\"name\":");
            // By then it has begun: before, its beginning might be lost together with its connection.
            await Eventually.True(() => first.Aborted == 1, Patience, "the first is cancelled");
            context.Abort();
        });
        await using var app = await StartAsync(first.Url, second.Url, "hedge: {after_ms: 20}");

        var stream = await AnswerStream.AskAsync(app.Client, Body);

        Assert.Equal("error", stream.End);
        Assert.Equal("cancelled: second was quicker", (string?)stream.Data!["errors"]![0]!["error"]);
        Assert.StartsWith("network: ", (string?)stream.Data["errors"]![1]!["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_is_of_whoever_begins_first_and_of_nobody_else()
    {
        await using var first = await FakeProvider.StartAsync(Answers.Stall);
        await using var second = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead[..20], Answers.Lead[20..]));
        await using var app = await StartAsync(first.Url, second.Url, "hedge: {after_ms: 20}");

        var stream = await AnswerStream.AskAsync(app.Client, Body);

        Assert.Equal(("done", Answers.Lead), (stream.End, stream.Text));
    }

    [Fact]
    public async Task No_third_is_asked_beside_two()
    {
        await using var stalled = await FakeProvider.StartAsync(Answers.Stall);
        await using var third = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await OrchestratorApp.StartAsync($$"""
            version: 1
            routing: {hedge: {after_ms: 20} }
            providers:
              - {name: first, type: ollama, model: m, url: "{{stalled.Url}}", priority: 1, timeout_ms: 600, capabilities: [extract]}
              - {name: second, type: ollama, model: m, url: "{{stalled.Url}}", priority: 2, timeout_ms: 600, capabilities: [extract]}
              - {name: third, type: ollama, model: m, url: "{{third.Url}}", priority: 3, capabilities: [extract]}
            """);

        var asking = app.PostAsync(Body);
        await Eventually.True(() => stalled.Asked.Count == 2, Patience, "two are asked");
        Assert.Empty(third.Asked);
        using var response = await asking;

        var answer = await OrchestratorApp.ReadAsync(response);
        Assert.Equal(
            [("first", "timeout"), ("second", "timeout"), ("third", null)],
            answer["attempts"]!.AsArray().Select(a => ((string?)a!["provider"], (string?)a["error_class"])));
        // Two at once took the time of one.
        Assert.InRange((double)answer["latency_ms"]!, 600, 1_150);
    }

    [Fact]
    public async Task First_that_fails_leaves_the_answer_to_the_second()
    {
        var (fails, answers) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var first = await FakeProvider.StartAsync(async context =>
        {
            await fails.Task;
            await Answers.Status(500)(context);
        });
        await using var second = await FakeProvider.StartAsync(async context =>
        {
            await answers.Task;
            await Answers.Of("ollama", Answers.Lead)(context);
        });
        await using var app = await StartAsync(first.Url, second.Url, "hedge: {after_ms: 20}");

        var asking = AskAsync(app, streams: false);
        await Eventually.True(() => second.Asked.Count == 1, Patience);
        fails.SetResult();
        await Eventually.True(async () => (int)(await HealthAsync(app))["first"]!["failed_calls"]! == 1, Patience, "the first has failed");
        answers.SetResult();
        var answer = await asking;

        Assert.Equal(
            [("first", "failed"), ("second", "success"), ("local", "passed_over")],
            answer["attempts"]!.AsArray().Select(a => ((string?)a!["provider"], (string?)a["outcome"])));
    }

    [Fact]
    public async Task Both_hold_of_the_budget_and_settle_what_they_took()
    {
        var go = new TaskCompletionSource();
        await using var first = await FakeProvider.StartAsync(Answers.Stall);
        await using var second = await FakeProvider.StartAsync(async context =>
        {
            await go.Task;
            await Answers.Of("ollama", Answers.Lead)(context);
        });
        await using var app = await StartAsync(first.Url, second.Url, "hedge: {after_ms: 500}", budget: "budgets: {default: {tokens: 1000000, period: day}}");
        var budgets = app.Services.GetRequiredService<TenantBudgets>();
        // Asked for each time: before the call it is at rest, and may be forgotten.
        var key = BudgetKey.At("acme", BudgetUnit.Tokens, BudgetPeriod.Day, DateTimeOffset.UtcNow);

        var asking = AskAsync(app, streams: false);
        await Eventually.True(() => first.Asked.Count == 1, Patience);
        var alone = budgets.Account(key).Figures.Held;
        await Eventually.True(() => second.Asked.Count == 1, Patience);
        var together = budgets.Account(key).Figures.Held;
        go.SetResult();
        await asking;

        Assert.InRange(alone, 2_000, 10_000);
        Assert.Equal(2 * alone, together);
        // What the slower one was cut off from saying may be billed.
        Assert.Equal((18 + alone, 0), (budgets.Account(key).Figures.Spent, budgets.Account(key).Figures.Held));
    }

    [Fact]
    public async Task Budget_that_covers_one_is_not_held_twice()
    {
        await using var first = await FakeProvider.StartAsync(async context =>
        {
            using var slow = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
            await slow.WaitForNextTickAsync();
            await Answers.Of("ollama", Answers.Lead)(context);
        });
        await using var second = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await StartAsync(first.Url, second.Url, "hedge: {after_ms: 20}", budget: "budgets: {default: {tokens: 7000, period: day}}");

        var answer = await AskAsync(app, streams: false);

        Assert.Equal(
            [("first", "success", null), ("second", "skipped", "budget_held"), ("local", "passed_over", null)],
            answer["attempts"]!.AsArray().Select(a => ((string?)a!["provider"], (string?)a["outcome"], (string?)a["error_class"])));
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task Tokens_that_the_slower_one_had_told_of_are_accounted()
    {
        await using var first = await FakeProvider.StartAsync(async context =>
        {
            await Wire.WriteBeginningAsync(context, "claude");
            await context.Response.Body.FlushAsync();
            await Answers.Stall(context);
        });
        await using var second = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await OrchestratorApp.StartAsync(
            $$"""
            version: 1
            routing: {hedge: {after_ms: 300} }
            providers:
              - {name: first, type: claude, model: m, url: "{{first.Url}}", priority: 1, capabilities: [extract]}
              - {name: second, type: ollama, model: m, url: "{{second.Url}}", priority: 2, capabilities: [extract]}
            """,
            catchAudit: true,
            ("ANTHROPIC_API_KEY", "key-a"));

        var stream = await AnswerStream.AskAsync(app.Client, Body);

        Assert.Equal(("done", "second"), (stream.End, (string?)stream.Data!["provider"]));
        // 11 and 7 of the second; the first had begun by saying what its question took.
        Assert.True((long)stream.Data["usage"]!["input_tokens"]! > 11, stream.Data.ToJsonString());
    }

    [Fact]
    public void Whoever_begins_a_moment_later_is_cancelled_and_writes_nothing()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var reader = new Reader();
        var race = new PieceRace(reader);
        var (one, two) = (race.Lane(first, second), race.Lane(second, first));
        // Between the first one's beginning and its word to the other.
        reader.Meanwhile = () => Assert.Throws<OperationCanceledException>(() => two.Write("no"));

        one.Write("{");
        reader.Meanwhile = () => { };
        one.Write("}");

        Assert.Equal("{}", reader.Text);
        Assert.Equal((false, true), (first.IsCancellationRequested, second.IsCancellationRequested));
        Assert.Equal((true, false), (one.HasBegun, two.HasBegun));
    }

    private sealed class Reader : IPieceSink
    {
        public string Text { get; private set; } = "";

        public Action Meanwhile { get; set; } = () => { };

        public bool HasBegun => Text.Length > 0;

        public void Write(string piece)
        {
            Text += piece;
            Meanwhile();
        }
    }

    private static async Task<JsonNode> HealthAsync(OrchestratorApp app) => (await app.Client.GetFromJsonAsync<JsonNode>("/providers/health"))!;

    private static async Task<JsonNode> AskAsync(OrchestratorApp app, bool streams)
    {
        if (streams) return (await AnswerStream.AskAsync(app.Client, Body)).Data!;
        using var response = await app.PostAsync(Body);
        return await OrchestratorApp.ReadAsync(response);
    }

    private static Task<OrchestratorApp> StartAsync(string first, string second, string hedge, int timeoutMs = 10_000, string budget = "") =>
        OrchestratorApp.StartAsync($$"""
            version: 1
            routing: { {{hedge}} }
            {{budget}}
            providers:
              - {name: first, type: ollama, model: m, url: "{{first}}", priority: 1, timeout_ms: {{timeoutMs}}, capabilities: [extract]}
              - {name: second, type: ollama, model: m, url: "{{second}}", priority: 2, timeout_ms: {{timeoutMs}}, capabilities: [extract]}
              - {name: local, type: local, priority: 3, capabilities: [extract]}
            """);
}
