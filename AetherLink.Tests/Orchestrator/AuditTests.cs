using System.Globalization;
using System.Net;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Orchestrator;

public sealed class AuditTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Fallback_is_audited_and_told_whole()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Status(503));
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url);

        using var response = await app.PostAsync(new { intent = "extract", tenant_id = "acme", payload = new { raw_text = "I'm Jane Doe" } });
        await app.WaitForAuditAsync(1);
        await Eventually.True(() => app.Events.Count == 1, Patience);

        const string Attempts = """[{"provider":"primary","outcome":"failed","error":"HTTP 503","error_class":"overload","latency_ms":0,"why":"priority 1"},{"provider":"local","outcome":"success","error":null,"error_class":null,"latency_ms":0,"why":"priority 100"}]""";
        Assert.True(app.Audit.TryDequeue(out var record));
        var trace = (string?)record["trace_id"];
        Assert.Matches("^[0-9a-f]{32}$", trace);
        Assert.Matches("Z$", (string?)record["timestamp"]);
        Assert.Equal(
            """{"call_id":"","tenant_id":"acme","intent":"extract-lead","prompt_version":1,"outcome":"success","provider":"local","model":"local-rules-1","attempts":""" + Attempts
            + ""","latency_ms":0,"overhead_ms":0,"usage":{"input_tokens":0,"output_tokens":0,"cost_usd":0},"caller":"ada","trace_id":"","timestamp":""}""",
            OrchestratorApp.Settled(record));
        Assert.True(app.Events.TryDequeue(out var told));
        Assert.Equal(trace, (string?)told["trace_id"]);
        Assert.Equal(
            ("ai.fallback.used", "warning", "acme", "orchestrator"),
            ((string?)told["event_type"], (string?)told["severity"], (string?)told["tenant_id"], (string?)told["source"]));
        Assert.Equal(
            """{"intent":"extract-lead","provider":"local","model":"local-rules-1","latency_ms":0,"attempts":""" + Attempts + ""","outcome":"success"}""",
            OrchestratorApp.Settled(told["payload"]!));
    }

    [Fact]
    public async Task Every_call_is_audited_once_whatever_its_end()
    {
        var calls = 0;
        await using var provider = await FakeProvider.StartAsync(context => (Interlocked.Increment(ref calls) % 3) switch
        {
            0 => Answers.Status(500)(context),
            1 => Answers.Text("{}")(context),
            _ => Answers.Of("http", Answers.Lead)(context),
        });
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url, ("PROVIDER_ORDER", "primary"));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using var response = await app.ExtractAsync();
            return response.StatusCode;
        }));
        await app.WaitForAuditAsync(200);

        Assert.Equal(200, app.Audit.Select(r => (string?)r["call_id"]).Distinct().Count());
        Assert.Equal(200, app.Audit.Count);
        Assert.Equal(statuses.Count(s => s == HttpStatusCode.OK), app.Audit.Count(r => (string?)r["outcome"] == "success"));
        Assert.Equal(statuses.Count(s => s == HttpStatusCode.BadGateway), app.Audit.Count(r => (string?)r["outcome"] == "failed"));
        await Eventually.True(
            () => app.Events.Count(e => (string?)e["event_type"] is "ai.provider.used" or "ai.fallback.failed") == 200, Patience, "an event for each call");
        Assert.Equal(statuses.Count(s => s == HttpStatusCode.BadGateway), app.Events.Count(e => (string?)e["event_type"] == "ai.fallback.failed"));
    }

    [Fact]
    public async Task Caller_that_leaves_cancels_the_provider_and_is_audited()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Stall);
        await using var app = await OrchestratorApp.StartAsync($$"""
            version: 1
            providers:
              - {name: slow, type: http, url: "{{provider.Url}}", priority: 1, timeout_ms: 60000, capabilities: [extract]}
              - {name: local, type: local, capabilities: [extract]}
            """);
        using var leaves = new CancellationTokenSource();

        var call = app.ExtractAsync(cancellationToken: leaves.Token);
        await Eventually.True(() => !provider.Asked.IsEmpty, Patience);
        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await app.WaitForAuditAsync(1);
        await Eventually.True(() => provider.Aborted == 1, Patience, "the provider's request is cancelled");
        var record = app.Audit.Single();
        Assert.Equal(("cancelled", null), ((string?)record["outcome"], (string?)record["provider"]));
        Assert.Equal("""[{"provider":"slow","outcome":"cancelled","error":"the caller went away","error_class":null,"latency_ms":0,"why":"priority 1"}]""",
            OrchestratorApp.Settled(record["attempts"]!));
    }

    [Fact]
    public async Task Full_spool_answers_503_and_asks_nobody_any_more()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var app = await WithSpoolOfAsync(20_000, provider);

        var answered = 0;
        while (answered < 100)
        {
            using var response = await app.ExtractAsync();
            if (response.StatusCode != HttpStatusCode.OK) break;
            answered++;
        }
        var asked = provider.Asked.Count;
        using var refused = await app.ExtractAsync();

        Assert.InRange(answered, 1, 50);
        Assert.Contains("audit spool is full", (await refused.AssertProblemAsync(503)).Detail(), StringComparison.Ordinal);
        Assert.NotNull(refused.Headers.RetryAfter);
        // Who asked was answered, and has a record.
        Assert.Equal((answered, answered), (asked, (int)app.Pending));
        Assert.Equal(asked, provider.Asked.Count);
    }

    [Fact]
    public async Task Calls_under_way_when_the_spool_fills_all_have_room_for_their_records_and_others_are_refused_before_they_cost_anything()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = await FakeProvider.StartAsync(async context =>
        {
            await gate.Task;
            await Answers.Of("http", Answers.Lead)(context);
        });
        // For more than a hundred records; calls under way have kept twenty times as much as theirs will take.
        await using var app = await WithSpoolOfAsync(60_000, provider);

        var refused = 0;
        var calls = Enumerable.Range(0, 200).Select(async _ =>
        {
            using var response = await app.ExtractAsync();
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable) Interlocked.Increment(ref refused);
            return response.StatusCode;
        }).ToList();
        await Eventually.True(() => provider.Asked.Count + Volatile.Read(ref refused) == 200, Patience, "all are under way or refused");
        var asked = provider.Asked.Count;
        gate.SetResult();
        var statuses = await Task.WhenAll(calls);

        Assert.InRange(asked, 1, 100);
        Assert.Equal(asked, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(asked, app.Pending);
    }

    [Fact]
    public async Task Event_of_a_call_is_made_of_its_record_also_by_the_process_after_the_one_that_was_killed()
    {
        var data = Directory.CreateTempSubdirectory("orchestrator-killed-");
        // As a kill would leave it: answered, and not handed on.
        await using (var killed = await OrchestratorApp.StartAsync(catchAudit: false, settings: ("DATA_DIR", data.FullName)))
        {
            using var response = await killed.ExtractAsync();
            Assert.Equal((HttpStatusCode.OK, 1), (response.StatusCode, killed.Pending));
            Assert.Empty(killed.Events);
        }
        await using (var app = await OrchestratorApp.StartAsync(settings: ("DATA_DIR", data.FullName)))
        {
            await Eventually.True(() => app.Audit.Count == 1 && app.Events.Count == 1, Patience, "record and event");
            var (record, told) = (app.Audit.Single(), app.Events.Single());
            Assert.Equal(
                ("ai.provider.used", (string?)record["call_id"], (string?)record["timestamp"], (string?)record["trace_id"], "acme", "orchestrator"),
                ((string?)told["event_type"], (string?)told["event_id"], (string?)told["timestamp"], (string?)told["trace_id"], (string?)told["tenant_id"], (string?)told["source"]));
        }
        data.Delete(recursive: true);
    }

    /// <summary>Nothing is handed on: what was answered stays in the spool.</summary>
    private static Task<OrchestratorApp> WithSpoolOfAsync(int bytes, FakeProvider provider) => OrchestratorApp.StartAsync(
        $$"""
        version: 1
        providers:
          - {name: primary, type: http, url: "{{provider.Url}}", capabilities: [extract]}
        """,
        catchAudit: false,
        ("Spool:MaxBytes", bytes.ToString(CultureInfo.InvariantCulture)));
}
