namespace AetherLink.Tests.Orchestrator;

public sealed class PlacesTests
{
    [Fact]
    public async Task Provider_has_no_more_calls_in_flight_than_it_may_also_of_those_that_were_planned_at_once()
    {
        const int Calls = 20, Places = 2;
        var go = new TaskCompletionSource();
        await using var provider = await FakeProvider.StartAsync(async context =>
        {
            await go.Task;
            await Answers.Of("http", Answers.Lead)(context);
        });
        // The first calls of a tenant wait together for their slice: all of them are planned before one of them is in flight.
        await using var app = await OrchestratorApp.StartAsync($$"""
            version: 1
            budgets: {default: {tokens: 1000000000, period: month} }
            providers:
              - {name: small, type: http, url: "{{provider.Url}}", priority: 1, capabilities: [extract], limits: {max_in_flight: {{Places}} } }
              - {name: local, type: local, capabilities: [extract]}
            """);

        var calls = Enumerable.Range(0, Calls).Select(_ => app.ExtractAsync()).ToList();
        await Eventually.True(
            () => calls.Count(call => call.IsCompleted) == Calls - Places && provider.Asked.Count == Places, TimeSpan.FromSeconds(10), "the others are answered");
        go.SetResult();
        var answers = await Task.WhenAll(calls.Select(async call => await OrchestratorApp.ReadAsync(await call)));

        Assert.Equal(Places, provider.Asked.Count);
        Assert.Equal(Calls - Places, answers.Count(answer => (string?)answer["attempts"]![0]!["error_class"] == "saturated"));
        Assert.Equal("has 2 of 2 calls in flight", (string?)answers.First(a => (string?)a["provider"] == "local")["attempts"]![0]!["error"]);
    }
}
