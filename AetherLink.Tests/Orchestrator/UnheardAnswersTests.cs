using AetherLink.Orchestrator.Calls;
using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Providers;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Orchestrator;

/// <summary>What an attempt counts as in a budget when its provider did not get to say what it took.</summary>
public sealed class UnheardAnswersTests
{
    private const string Text = "I'm Jane Doe";

    [Theory]
    [InlineData("stalls", true)]
    [InlineData("breaks off", true)]
    [InlineData("answers nonsense", true)]
    [InlineData("answers well and does not count", true)]
    [InlineData("has failed before it began", false)]
    [InlineData("is not there", false)]
    public async Task Attempt_counts_as_the_most_that_it_may_be_billed_for(string what, bool counts)
    {
        await using var provider = await FakeProvider.StartAsync(what switch
        {
            "stalls" => Answers.Stall,
            "breaks off" => Answers.Cut,
            "answers nonsense" => Answers.Text("nonsense"),
            "answers well and does not count" => Answers.Text(Uncounted()),
            _ => Answers.Status(503),
        });
        await using var app = await StartAsync(what == "is not there" ? "http://127.0.0.1:1" : provider.Url, timeoutMs: what == "stalls" ? 200 : 10_000);

        using var answer = await app.ExtractAsync(Text);

        Assert.Equal(what.StartsWith("answers well", StringComparison.Ordinal) ? "paid" : "local", (string?)(await OrchestratorApp.ReadAsync(answer))["provider"]);
        Assert.Equal((counts ? Most(app) : 0, 0), Settled(app));
    }

    [Theory]
    [InlineData("""{"result":LEAD,"usage":{"input_tokens":0,"output_tokens":0}}""", false)]
    [InlineData("""{"result":LEAD,"usage":{"input_tokens":5}}""", true)]
    [InlineData("LEAD", true)]
    public async Task Endpoint_that_is_no_model_counts_as_nothing_once_it_says_so(string answer, bool counts)
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Text(answer.Replace("LEAD", Answers.Lead, StringComparison.Ordinal)));
        await using var app = await StartAsync(provider.Url, timeoutMs: 10_000, type: "http");

        using var response = await app.ExtractAsync(Text);

        Assert.Equal("paid", (string?)(await OrchestratorApp.ReadAsync(response))["provider"]);
        var (spent, held) = Settled(app);
        Assert.Equal((counts, 0), (spent > 100, held));
    }

    [Fact]
    public async Task Caller_that_leaves_pays_for_what_it_had_begun()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Stall);
        await using var app = await StartAsync(provider.Url, timeoutMs: 60_000);
        using var leaves = new CancellationTokenSource();

        var call = app.ExtractAsync(Text, leaves.Token);
        await Eventually.True(() => !provider.Asked.IsEmpty, TimeSpan.FromSeconds(10));
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await app.WaitForAuditAsync(1);

        Assert.Equal((Most(app), 0), Settled(app));
    }

    [Fact]
    public async Task Nobody_waits_long_for_a_slice_while_somebody_else_can_be_asked()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await StartAsync(provider.Url, timeoutMs: 10_000, services => services.AddSingleton<ILender, SilentLender>());

        using var response = await app.ExtractAsync(Text);
        var answer = await OrchestratorApp.ReadAsync(response);

        Assert.Equal(("local", "budget_pending"), ((string?)answer["provider"], (string?)answer["attempts"]![0]!["error_class"]));
        Assert.InRange((double)answer["latency_ms"]!, 400, 1_900);
    }

    [Fact]
    public async Task Call_that_ends_as_nobody_has_foreseen_is_told_so_and_audited()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Status(500));
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url, ("PROVIDER_ORDER", "primary"));
        var calling = app.Services.GetRequiredService<Calling>();
        var call = new Call("extract", new(IntentCatalog.Standard.Find("extract")!, "acme", Text));

        var outcome = await calling.RunAsync(call, new Caller("ada", [], null, IsService: false), new BrokenSink(), default);
        await app.WaitForAuditAsync(1);

        Assert.Equal("failed", outcome?.Outcome);
        Assert.Equal(("failed", "ada"), ((string?)app.Audit.Single()["outcome"], (string?)app.Audit.Single()["caller"]));
    }

    private sealed class SilentLender : ILender
    {
        private int _asked;

        public Task WhenReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task<IReadOnlyList<LeaseAnswer>> SyncAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
        {
            // At its end the service gives back what it has, and does not have to wait for that.
            if (Interlocked.Increment(ref _asked) > 1) throw new TimeoutException();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return [];
        }

        public Task<IReadOnlyList<string>> KnownAsync(DateTimeOffset since, int most, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>>([]);
    }

    private sealed class BrokenSink : IPieceSink
    {
        public bool HasBegun => throw new NotSupportedException();

        public void Write(string piece)
        {
        }
    }

    private static string Uncounted()
    {
        var answer = Wire.Whole("ollama", Answers.Lead);
        Assert.True(answer.Remove("prompt_eval_count") && answer.Remove("eval_count"));
        return answer.ToJsonString();
    }

    /// <summary>A token for each byte of text, prompt and schema, 2,000 for the frame, and max_output_tokens.</summary>
    private static long Most(OrchestratorApp app)
    {
        var intent = app.Services.GetRequiredService<ProviderChains>().Current.Settings.Intents.Find("extract")!;
        return Text.Length + System.Text.Encoding.UTF8.GetByteCount(intent.Prompt) + System.Text.Encoding.UTF8.GetByteCount(intent.Schema.GetRawText()) + 2_000 + 100;
    }

    private static (long Spent, long Held) Settled(OrchestratorApp app)
    {
        var key = BudgetKey.At("acme", BudgetUnit.Tokens, BudgetPeriod.Month, DateTimeOffset.UtcNow);
        var figures = app.Services.GetRequiredService<TenantBudgets>().Account(key).Figures;
        return (figures.Spent, figures.Held);
    }

    private static async Task<OrchestratorApp> StartAsync(string url, int timeoutMs, string type = "ollama") =>
        await (await StartAsync(url, timeoutMs, _ => { }, type)).ReadyToSpendAsync(4_000);

    private static Task<OrchestratorApp> StartAsync(string url, int timeoutMs, Action<IServiceCollection> services, string type = "ollama") => OrchestratorApp.StartAsync(
        $$"""
        version: 1
        budgets: {default: {tokens: 1000000, period: month} }
        providers:
          - {name: paid, type: {{type}}, model: m, url: "{{url}}", priority: 1, timeout_ms: {{timeoutMs}}, capabilities: [extract], limits: {max_output_tokens: 100} }
          - {name: local, type: local, capabilities: [extract]}
        """,
        services);
}
