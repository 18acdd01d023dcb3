namespace AetherLink.Tests.Orchestrator;

/// <summary>A second provider beside a first that takes long: who is asked, and who has answered.</summary>
public sealed class HedgedCallTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Second_answers_when_the_first_takes_long_and_the_first_is_cancelled(bool streams)
    {
        await using var slow = await FakeProvider.StartAsync(Answers.Stall);
        await using var quick = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await Hedged.StartAsync(slow.Url, quick.Url, "hedge: {after_ms: 30}");

        var answer = await Hedged.AskAsync(app, streams);
        await app.WaitForAuditAsync(1);

        Assert.Equal("second", (string?)answer["provider"]);
        Assert.Equal("Ada Lovelace", (string?)answer["result"]!["name"]);
        const string Tried = """{"provider":"first","outcome":"cancelled","error":"second was quicker","error_class":null,"latency_ms":0,"why":"priority 1"},{"provider":"second","outcome":"success","error":null,"error_class":null,"latency_ms":0,"why":"beside first, which had not answered after 30 ms; priority 2"}""";
        Assert.Equal($"[{Tried}]", OrchestratorApp.Settled(app.Audit.Single()["attempts"]!));
        Assert.Equal(["first", "second", "local"], answer["attempts"]!.AsArray().Select(a => (string?)a!["provider"]));
        Assert.InRange((double)answer["overhead_ms"]!, 0, (double)answer["latency_ms"]!);
        await Eventually.True(() => slow.Aborted == 1, Hedged.Patience, "the first is cancelled");
        await Eventually.True(() => app.Events.Count == 1, Hedged.Patience);
        Assert.Equal("ai.fallback.used", (string?)app.Events.Single()["event_type"]);
        // Nobody failed: it was only slower than somebody else.
        var health = await Hedged.HealthAsync(app);
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
        await using var app = await Hedged.StartAsync(first.Url, second.Url, hedge);

        var answer = await Hedged.AskAsync(app, streams: false);

        Assert.Equal("first", (string?)answer["provider"]);
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task First_that_hangs_longer_than_it_may_take_is_not_asked_first_again()
    {
        await using var stalled = await FakeProvider.StartAsync(Answers.Stall);
        await using var well = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await OrchestratorApp.StartAsync($$"""
            version: 1
            routing: {hedge: {after_ms: 1000} }
            providers:
              - {name: first, type: ollama, model: m, url: "{{stalled.Url}}", priority: 1, max_latency_ms: 900, capabilities: [extract]}
              - {name: second, type: ollama, model: m, url: "{{well.Url}}", priority: 2, capabilities: [extract]}
            """);

        await Hedged.AskAsync(app, streams: false);
        var again = await Hedged.AskAsync(app, streams: false);

        Assert.Equal(["second", "first"], again["attempts"]!.AsArray().Select(attempt => (string?)attempt!["provider"]));
        Assert.Single(stalled.Asked);
        Assert.Equal(("closed", 0), ((string?)(await Hedged.HealthAsync(app))["first"]!["state"], (int)(await Hedged.HealthAsync(app))["first"]!["failed_calls"]!));
    }

    [Fact]
    public async Task P95_of_the_first_is_the_time_that_it_is_waited_for()
    {
        await using var first = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var second = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await Hedged.StartAsync(first.Url, second.Url, "hedge: {after: p95}");
        for (var call = 0; call < 20; call++) await Hedged.AskAsync(app, streams: false);

        first.Answer = Answers.Stall;
        var answer = await Hedged.AskAsync(app, streams: false);

        Assert.Equal("second", (string?)answer["provider"]);
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

        var asking = app.PostAsync(Hedged.Body);
        await Eventually.True(() => stalled.Asked.Count == 2, Hedged.Patience, "two are asked");
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
        await using var app = await Hedged.StartAsync(first.Url, second.Url, "hedge: {after_ms: 20}");

        var asking = Hedged.AskAsync(app, streams: false);
        await Eventually.True(() => second.Asked.Count == 1, Hedged.Patience);
        fails.SetResult();
        await Eventually.True(async () => (int)(await Hedged.HealthAsync(app))["first"]!["failed_calls"]! == 1, Hedged.Patience, "the first has failed");
        answers.SetResult();
        var answer = await asking;

        Assert.Equal(
            [("first", "failed"), ("second", "success"), ("local", "passed_over")],
            answer["attempts"]!.AsArray().Select(a => ((string?)a!["provider"], (string?)a["outcome"])));
    }
}
