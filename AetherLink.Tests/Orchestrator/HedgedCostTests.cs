using AetherLink.Orchestrator.Governance.Budgets;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Orchestrator;

/// <summary>What two that are asked at once hold, and take.</summary>
public sealed class HedgedCostTests
{
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
        await using var app = await Hedged.StartAsync(first.Url, second.Url, "hedge: {after_ms: 500}", budget: "budgets: {default: {tokens: 1000000, period: day}}");
        var budgets = app.Services.GetRequiredService<TenantBudgets>();
        // Asked for each time: before the call it is at rest, and may be forgotten.
        var key = BudgetKey.At("acme", BudgetUnit.Tokens, BudgetPeriod.Day, DateTimeOffset.UtcNow);

        var asking = Hedged.AskAsync(app, streams: false);
        await Eventually.True(() => first.Asked.Count == 1, Hedged.Patience);
        var alone = budgets.Account(key).Figures.Held;
        await Eventually.True(() => second.Asked.Count == 1, Hedged.Patience);
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
        await using var app = await Hedged.StartAsync(first.Url, second.Url, "hedge: {after_ms: 20}", budget: "budgets: {default: {tokens: 7000, period: day}}");

        var answer = await Hedged.AskAsync(app, streams: false);

        Assert.Equal(
            [("first", "success", null), ("second", "skipped", "budget_held"), ("local", "passed_over", null)],
            answer["attempts"]!.AsArray().Select(a => ((string?)a!["provider"], (string?)a["outcome"], (string?)a["error_class"])));
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task Second_that_the_budget_did_not_cover_beside_the_first_is_asked_once_the_first_has_failed()
    {
        await using var first = await FakeProvider.StartAsync(async context =>
        {
            using var slow = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
            await slow.WaitForNextTickAsync();
            await Answers.Status(500)(context);
        });
        await using var second = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await Hedged.StartAsync(first.Url, second.Url, "hedge: {after_ms: 20}", budget: "budgets: {default: {tokens: 7000, period: day}}");

        var answer = await Hedged.AskAsync(app, streams: false);

        Assert.Equal(
            [("first", "failed", "overload"), ("second", "success", null), ("local", "passed_over", null)],
            answer["attempts"]!.AsArray().Select(a => ((string?)a!["provider"], (string?)a["outcome"], (string?)a["error_class"])));
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

        var stream = await AnswerStream.AskAsync(app.Client, Hedged.Body);

        Assert.Equal(("done", "second"), (stream.End, (string?)stream.Data!["provider"]));
        // 11 and 7 of the second; the first had begun by saying what its question took.
        Assert.True((long)stream.Data["usage"]!["input_tokens"]! > 11, stream.Data.ToJsonString());
    }
}
