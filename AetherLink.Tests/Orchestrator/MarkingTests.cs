using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Calls;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace AetherLink.Tests.Orchestrator;

/// <summary>What Grafana is told of calls, by a Grafana that is a real HTTP server.</summary>
public sealed class MarkingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Failover_is_a_region_within_a_second_that_ends_when_the_provider_is_back()
    {
        await using var grafana = await Grafana.StartAsync();
        await using var provider = await FakeProvider.StartAsync(Answers.Status(503));
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url, ("GRAFANA_URL", grafana.Url));

        var asked = DateTimeOffset.UtcNow;
        for (var call = 0; call < 5; call++) (await app.ExtractAsync()).Dispose();
        await Eventually.True(() => !grafana.Seen.IsEmpty, Patience);
        var (_, opened, at) = grafana.Seen.Single();
        provider.Answer = Answers.Of("http", Answers.Lead);
        await Eventually.True(
            async () =>
            {
                (await app.ExtractAsync()).Dispose();
                return grafana.Seen.Any(s => s.Request.StartsWith("PATCH", StringComparison.Ordinal));
            }, Patience, "the region is closed");

        Assert.Equal("AI provider primary fails (overload): failover to local", (string?)opened["text"]);
        Assert.Equal("""["aetherlink","ai","failover"]""", opened["tags"]!.ToJsonString());
        Assert.InRange((long)opened["time"]!, asked.ToUnixTimeMilliseconds(), at.ToUnixTimeMilliseconds());
        // The first call of a process takes longer than the mark.
        Assert.InRange((at - DateTimeOffset.FromUnixTimeMilliseconds((long)opened["time"]!)).TotalSeconds, 0, 1);
        var closed = grafana.Seen.Last();
        Assert.Equal("PATCH /api/annotations/17", closed.Request);
        Assert.InRange((long)closed.Body["timeEnd"]!, (long)opened["time"]!, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.Equal(2, grafana.Seen.Count);
    }

    [Fact]
    public async Task Region_that_was_open_when_the_service_ended_is_closed_by_the_next_one_once_the_provider_is_well()
    {
        var data = Directory.CreateTempSubdirectory("orchestrator-regions-");
        var regions = Path.Combine(data.FullName, "annotations", "regions.json");
        await using var grafana = await Grafana.StartAsync();
        await using var provider = await FakeProvider.StartAsync(Answers.Status(503));
        await using (var before = await OrchestratorApp.StartWithAsync("http", provider.Url, ("GRAFANA_URL", grafana.Url), ("DATA_DIR", data.FullName)))
        {
            (await before.ExtractAsync()).Dispose();
            await Eventually.True(() => File.Exists(regions), Patience, "the region is kept");
        }
        await using (var app = await OrchestratorApp.StartWithAsync("http", provider.Url, ("GRAFANA_URL", grafana.Url), ("DATA_DIR", data.FullName)))
        {
            (await app.ExtractAsync()).Dispose();
            provider.Answer = Answers.Of("http", Answers.Lead);
            (await app.ExtractAsync()).Dispose();
            await Eventually.True(async () => await File.ReadAllTextAsync(regions) == "{}", Patience, "the region is closed");
        }

        Assert.Equal(["POST /api/annotations", "PATCH /api/annotations/17"], grafana.Seen.Select(seen => seen.Request));
        data.Delete(recursive: true);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Region_that_a_wrong_key_does_not_end_is_ended_by_the_next_process(int refusal)
    {
        var data = Directory.CreateTempSubdirectory("orchestrator-regions-");
        var regions = Path.Combine(data.FullName, "annotations", "regions.json");
        await using var grafana = await Grafana.StartAsync();
        await using var provider = await FakeProvider.StartAsync(Answers.Status(503));
        (string, string)[] settings = [("GRAFANA_URL", grafana.Url), ("DATA_DIR", data.FullName)];
        await using (var before = await OrchestratorApp.StartWithAsync("http", provider.Url, settings))
        {
            (await before.ExtractAsync()).Dispose();
            await Eventually.True(() => File.Exists(regions), Patience, "the region is kept");
            grafana.EndRefusedWith = refusal;
            provider.Answer = Answers.Of("http", Answers.Lead);
            (await before.ExtractAsync()).Dispose();
            await Eventually.True(() => grafana.Seen.Count == 2, Patience, "its end is refused");
        }
        grafana.EndRefusedWith = null;
        await using (var app = await OrchestratorApp.StartWithAsync("http", provider.Url, settings))
        {
            (await app.ExtractAsync()).Dispose();
            await Eventually.True(async () => await File.ReadAllTextAsync(regions) == "{}", Patience, "the region is closed");
        }

        Assert.Equal(["POST /api/annotations", "PATCH /api/annotations/17", "PATCH /api/annotations/17"], grafana.Seen.Select(seen => seen.Request));
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Failure_of_all_is_a_region()
    {
        await using var grafana = await Grafana.StartAsync();
        await using var provider = await FakeProvider.StartAsync(Answers.Status(500));
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url, ("GRAFANA_URL", grafana.Url), ("PROVIDER_ORDER", "primary"));

        (await app.ExtractAsync()).Dispose();
        await Eventually.True(() => grafana.Seen.Count == 1, Patience);

        Assert.Equal("All AI providers failed at extract-lead", (string?)grafana.Seen.Single().Body["text"]);
        Assert.Equal("""["aetherlink","ai","failure"]""", grafana.Seen.Single().Body["tags"]!.ToJsonString());
    }

    [Fact]
    public void Failure_of_all_ends_when_the_same_intent_is_answered_again()
    {
        var annotations = Annotations();
        var marking = new Marking(annotations);
        var now = new DateTimeOffset(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);
        CallOutcome Ended(string outcome) => new() { Outcome = outcome, Attempts = [], Order = [], LatencyMs = 5, OverheadMs = 0 };

        marking.See("extract-lead", Ended(Outcomes.Failed), now);
        marking.See("extract-lead", Ended(Outcomes.Failed), now.AddSeconds(1));
        marking.See("summarize-activity", Ended(Outcomes.Success), now.AddSeconds(2));
        marking.See("extract-lead", Ended(Outcomes.Success), now.AddSeconds(3));
        marking.See("extract-lead", Ended(Outcomes.Success), now.AddSeconds(4));

        Assert.Equal(
            [
                ("intent extract-lead", "All AI providers failed at extract-lead", null),
                ("intent extract-lead", null, now.AddSeconds(3).ToUnixTimeMilliseconds()),
            ],
            Marks(annotations).Select(m => (m.Key, m.Annotation?.Text, m.Until)));
    }

    [Fact]
    public void Region_of_a_provider_that_is_not_asked_any_more_ends_with_the_next_call()
    {
        var annotations = Annotations();
        var marking = new Marking(annotations);
        var now = new DateTimeOffset(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);
        CallOutcome Answered(string[] order, params Attempt[] attempts) =>
            new() { Outcome = Outcomes.Success, Provider = "local", Attempts = attempts, Order = order, LatencyMs = 5, OverheadMs = 0 };
        var failed = new Attempt("old", Outcomes.Failed, "HTTP 503", "overload", LatencyMs: 5, Why: "it comes first");

        marking.See("extract-lead", Answered(["old", "local"], failed), now);
        marking.See("extract-lead", Answered(["old", "local"]), now.AddSeconds(1));
        marking.See("extract-lead", Answered(["new", "local"]), now.AddSeconds(2));
        marking.See("extract-lead", Answered(["new", "local"]), now.AddSeconds(3));

        Assert.Equal(
            [("provider old", null), ("provider old", now.AddSeconds(2).ToUnixTimeMilliseconds())],
            Marks(annotations).Select(m => (m.Key, m.Until)));
    }

    [Fact]
    public void Slow_call_is_marked_once_a_minute_as_the_time_that_it_took()
    {
        var annotations = Annotations();
        var marking = new Marking(annotations);
        var now = new DateTimeOffset(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);
        CallOutcome Took(double ms) => new() { Outcome = Outcomes.Success, Provider = "p", Attempts = [], Order = [], LatencyMs = ms, OverheadMs = 0 };

        marking.See("extract-lead", Took(1_999), now);
        marking.See("extract-lead", Took(2_500), now);
        marking.See("extract-lead", Took(2_600), now.AddSeconds(59));
        marking.See("extract-lead", Took(2_700), now.AddSeconds(60));

        var marks = Marks(annotations);
        Assert.Equal(["AI call extract-lead took 2.5 s", "AI call extract-lead took 2.7 s"], marks.Select(m => m.Annotation!.Text));
        Assert.Equal((now.ToUnixTimeMilliseconds() - 2_500, now.ToUnixTimeMilliseconds()), (marks[0].Annotation!.Time, marks[0].Annotation!.TimeEnd));
    }

    [Fact]
    public async Task Grafana_that_never_answers_costs_nothing()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Status(503));
        // Connections are accepted, and never answered.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url, ("GRAFANA_URL", $"http://{silent.LocalEndpoint}"));

        for (var call = 0; call < 20; call++)
        {
            using var response = await app.ExtractAsync();
            Assert.Equal(200, (int)response.StatusCode);
            Assert.InRange((double)(await OrchestratorApp.ReadAsync(response))["overhead_ms"]!, 0, 500);
        }
    }

    private static GrafanaAnnotations Annotations() => new(
        new ConfigurationBuilder().AddInMemoryCollection([new("GRAFANA_URL", "http://grafana")]).Build(), TimeProvider.System);

    private static List<GrafanaAnnotations.Mark> Marks(GrafanaAnnotations annotations)
    {
        var marks = new List<GrafanaAnnotations.Mark>();
        while (annotations.Queue.TryRead(out var mark)) marks.Add(mark);
        return marks;
    }

    private sealed class Grafana : IAsyncDisposable
    {
        private ToyApp _app = null!;

        public ConcurrentQueue<(string Request, JsonNode Body, DateTimeOffset At)> Seen { get; } = new();

        /// <summary>The status by which the end of a region is refused; null when it is taken.</summary>
        public int? EndRefusedWith { get; set; }

        public string Url => _app.Http.BaseAddress!.ToString();

        public static async Task<Grafana> StartAsync()
        {
            var grafana = new Grafana();
            grafana._app = await ToyApp.StartAsync(app =>
            {
                app.MapPost("/api/annotations", (JsonElement body) => grafana.Take("POST /api/annotations", body)).RequireAuthorization(Policies.Public);
                app.MapPatch("/api/annotations/{id}", (JsonElement body, string id) => grafana.Take($"PATCH /api/annotations/{id}", body)).RequireAuthorization(Policies.Public);
            });
            return grafana;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private IResult Take(string request, JsonElement body)
        {
            Seen.Enqueue((request, JsonNode.Parse(body.GetRawText())!, DateTimeOffset.UtcNow));
            return request.StartsWith("PATCH", StringComparison.Ordinal) && EndRefusedWith is { } status
                ? Results.Json(new { message = "Invalid API key" }, statusCode: status)
                : Results.Ok(new { message = "Annotation added", id = 17 });
        }
    }
}
