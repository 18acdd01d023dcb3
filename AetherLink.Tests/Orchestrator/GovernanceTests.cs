using System.Net;
using System.Text.Json;
using AetherLink.Orchestrator.Governance;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Providers;
using AetherLink.Tests.ServiceDefaults;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Rates, the cache, and the limits of a call's input.</summary>
public sealed class GovernanceTests
{
    [Fact]
    public async Task Tenant_over_its_rate_is_told_when_to_come_again_and_is_audited()
    {
        await using var app = await OrchestratorApp.StartAsync(
            OrchestratorApp.LocalOnly + "\nrates: {tenants: {busy: {per_second: 0.01, burst: 2}}}");

        var statuses = new List<HttpStatusCode>();
        for (var call = 0; call < 3; call++)
        {
            using var response = await Ask(app, "busy");
            statuses.Add(response.StatusCode);
        }
        using var refused = await Ask(app, "busy");
        using var other = await Ask(app, "calm");
        using var streamed = await app.Client.PostAsync("/orchestrate/stream", Body("busy", "x"));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
        Assert.Equal("Tenant busy calls more often than it may.", (await refused.AssertProblemAsync(429)).Detail());
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 50, 100);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, streamed.StatusCode);
        await app.WaitForAuditAsync(6);
        Assert.Equal(["rate_limited", "rate_limited", "rate_limited"], app.Audit.Where(r => (string?)r["outcome"] == "rejected").Select(r => (string?)r["rejected_by"]));
    }

    [Fact]
    public async Task Same_question_of_the_same_tenant_is_answered_from_the_cache_and_marked_so()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var app = await OrchestratorApp.StartAsync(GovernedCalls.Yaml(provider.Url, "cache: {ttl_seconds: 60}"));

        using var first = await Ask(app, "acme");
        using var again = await Ask(app, "acme");
        using var other = await Ask(app, "other");
        using var another = await Ask(app, "acme", "I'm John Doe");

        Assert.Null((await OrchestratorApp.ReadAsync(first))["cached"]);
        Assert.Equal(
            """{"status":"ok","intent":"extract","used_provider":"paid","provider":"paid","model":"served-model","latency_ms":0,"overhead_ms":0,"attempts":[],"usage":{"input_tokens":0,"output_tokens":0,"cost_usd":0},"result":{"name":"Ada Lovelace","email":"ada@engine.org","company":"Engine","phone":null,"tags":["pricing"],"status":"new"},"cached":true}""",
            OrchestratorApp.Settled(await OrchestratorApp.ReadAsync(again)));
        Assert.Equal(3, provider.Asked.Count);
        await app.WaitForAuditAsync(4);
        Assert.Equal([null, true, null, null], app.Audit.Select(r => (bool?)r["cached"]));
        await Eventually.True(() => app.Events.Count == 3, TimeSpan.FromSeconds(10), "an event for each that used a provider");
    }

    [Fact]
    public async Task Streamed_question_is_answered_from_the_cache_too()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var app = await OrchestratorApp.StartAsync(GovernedCalls.Yaml(provider.Url, "cache: {ttl_seconds: 60}"));
        (await Ask(app, "acme")).Dispose();

        using var response = await app.Client.PostAsync("/orchestrate/stream", Body("acme", "I'm Jane Doe"));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("event: done", text, StringComparison.Ordinal);
        Assert.Contains("\"cached\":true", text, StringComparison.Ordinal);
        Assert.Single(provider.Asked);
    }

    [Fact]
    public async Task Failure_is_not_kept_and_a_cache_that_is_not_asked_for_is_not_there()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Status(500));
        await using var cached = await OrchestratorApp.StartAsync(GovernedCalls.Yaml(provider.Url, "cache: {ttl_seconds: 60}"));
        await using var plain = await OrchestratorApp.StartAsync(GovernedCalls.Yaml(provider.Url, ""));

        (await Ask(cached, "acme")).Dispose();
        provider.Answer = Answers.Of("http", Answers.Lead);
        using var mended = await Ask(cached, "acme");
        for (var call = 0; call < 2; call++) (await Ask(plain, "acme")).Dispose();

        Assert.Equal(HttpStatusCode.OK, mended.StatusCode);
        Assert.Equal(4, provider.Asked.Count);
    }

    [Fact]
    public async Task Answer_by_rule_of_thumb_is_not_kept_for_when_somebody_better_is_back()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Status(500));
        await using var app = await OrchestratorApp.StartAsync(GovernedCalls.Yaml(provider.Url, "cache: {ttl_seconds: 60}", withLocal: true));

        using var makeshift = await Ask(app, "acme");
        provider.Answer = Answers.Of("http", Answers.Lead);
        using var better = await Ask(app, "acme");

        Assert.Equal(
            ("local", "paid"),
            ((string?)(await OrchestratorApp.ReadAsync(makeshift))["provider"], (string?)(await OrchestratorApp.ReadAsync(better))["provider"]));
    }

    [Fact]
    public void Answer_of_another_shape_is_the_answer_to_another_question()
    {
        var (cache, settings) = (new ResponseCache(TimeProvider.System), new CacheSettings(TimeSpan.FromMinutes(1), 10));
        var intent = IntentCatalog.Standard.Find("summarize")!;
        var reshaped = intent with { Schema = JsonSerializer.SerializeToElement(new { type = "object" }) };

        cache.Keep(new(intent, "acme", "x"), new("p", "m", new ActivitySummary("s", [])), settings);

        Assert.NotNull(cache.Find(new(intent, "acme", "x"), settings));
        Assert.Null(cache.Find(new(reshaped, "acme", "x"), settings));
    }

    [Fact]
    public void Answer_is_kept_for_its_time_and_the_oldest_make_room_for_others()
    {
        var (clock, settings) = (new SetClock(), new CacheSettings(TimeSpan.FromMinutes(1), MaxEntries: 2));
        var cache = new ResponseCache(clock);
        Question Asked(string text) => new(IntentCatalog.Standard.Find("summarize")!, "acme", text);
        void Keep(string text) => cache.Keep(Asked(text), new("p", "m", new ActivitySummary(text, [])), settings);

        Keep("one");
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(cache.Find(Asked("one"), settings));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(cache.Find(Asked("one"), settings));

        List<string> others = ["two", "three", "four"];
        foreach (var other in others)
        {
            Keep(other);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal([false, true, true], others.Select(other => cache.Find(Asked(other), settings) is not null));
    }

    [Fact]
    public async Task List_of_too_many_items_is_refused()
    {
        await using var app = await OrchestratorApp.StartAsync("limits: {max_items: 3}\n" + OrchestratorApp.LocalOnly);

        using var response = await app.PostAsync(new { intent = "summarize", tenant_id = "acme", payload = new { activity = new[] { "a", "b", "c", "d" } } });

        Assert.Equal("payload.activity: must have at most 3 items, not 4", (await response.AssertProblemAsync(400)).Detail());
    }

    [Fact]
    public void Bucket_never_lets_more_through_than_its_burst_and_its_rate()
    {
        var limit = new RateLimit(PerSecond: 5, Burst: 10);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Gen.Choose(-50, 700).ArrayOf().ToArbitrary(), gaps =>
        {
            var (now, latest) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1));
            var bucket = TokenBucket.Full(limit, now);
            var through = 0;
            foreach (var gap in gaps)
            {
                now += TimeSpan.FromMilliseconds(gap);
                latest = now > latest ? now : latest;
                (bucket, var wait) = bucket.Take(limit, now);
                if (wait is null) through++;
                else Assert.Null(bucket.Take(limit, now + wait.Value + TimeSpan.FromMilliseconds(1)).Wait);
            }
            // A clock that goes back and forth gives each stretch again, and no more.
            var forth = gaps.Where(g => g > 0).Sum(g => g / 1_000.0);
            Assert.InRange(through, 0, 10 + 5 * forth + 1e-6);
        }));
    }

    [Fact]
    public async Task Text_of_a_call_is_in_its_record_only_when_asked_for()
    {
        await using var quiet = await OrchestratorApp.StartAsync();
        await using var full = await OrchestratorApp.StartAsync(OrchestratorApp.LocalOnly, true, ("AUDIT_PROMPTS", "true"));

        (await Ask(quiet, "acme", "I'm Jane Doe")).Dispose();
        (await Ask(full, "acme", "I'm Jane Doe")).Dispose();
        await quiet.WaitForAuditAsync(1);
        await full.WaitForAuditAsync(1);

        Assert.DoesNotContain("Jane", quiet.Audit.Single().ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("I'm Jane Doe", (string?)full.Audit.Single()["text"]);
    }

    private static Task<HttpResponseMessage> Ask(OrchestratorApp app, string tenant, string text = "I'm Jane Doe") =>
        app.PostAsync(new { intent = "extract", tenant_id = tenant, payload = new { raw_text = text } });

    private static StringContent Body(string tenant, string text) =>
        new($$$"""{"intent":"extract","tenant_id":"{{{tenant}}}","payload":{"raw_text":"{{{text}}}"}}""", System.Text.Encoding.UTF8, "application/json");
}
