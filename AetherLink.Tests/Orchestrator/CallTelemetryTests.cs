using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AetherLink.Orchestrator.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Spans and metrics by OpenTelemetry's semantic conventions for generative AI.</summary>
public sealed class CallTelemetryTests
{
    [Fact]
    public async Task Attempt_is_a_span_and_two_metrics_under_the_names_of_the_conventions()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("openai", Answers.Lead));
        await using var app = await OrchestratorApp.StartWithAsync("openai", provider.Url);
        var spans = new ConcurrentQueue<Activity>();
        using var spying = Spy(spans);
        var measured = new ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)>();
        using var meters = Listen(app, measured);

        using var response = await app.ExtractAsync();

        var port = new Uri(provider.Url).Port;
        // Other tests ask other providers meanwhile, in the same process.
        var span = Assert.Single(spans, s => Equals(s.GetTagItem("server.port"), port));
        Assert.Equal(("chat asked-model", ActivityKind.Client), (span.DisplayName, span.Kind));
        Assert.Equal(
            [
                ("aetherlink.intent", "extract-lead"), ("aetherlink.provider", "primary"), ("gen_ai.operation.name", "chat"),
                ("gen_ai.output.type", "json"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.max_tokens", 2_048),
                ("gen_ai.request.model", "asked-model"), ("gen_ai.response.model", "served-model"), ("gen_ai.usage.input_tokens", 11L),
                ("gen_ai.usage.output_tokens", 7L), ("server.address", "127.0.0.1"), ("server.port", port),
            ],
            span.TagObjects.Select(t => (t.Key, t.Value!)).OrderBy(t => t.Key, StringComparer.Ordinal));
        Assert.Equal(
            [("input", 11.0), ("output", 7.0)],
            measured.Where(m => m.Name == "gen_ai.client.token.usage").Select(m => ((string)m.Tags["gen_ai.token.type"]!, m.Value)));
        var duration = Assert.Single(measured, m => m.Name == "gen_ai.client.operation.duration");
        Assert.Equal(("chat", "openai", "asked-model", "served-model"),
            (duration.Tags["gen_ai.operation.name"], duration.Tags["gen_ai.provider.name"], duration.Tags["gen_ai.request.model"], duration.Tags["gen_ai.response.model"]));
        Assert.InRange(Assert.Single(measured, m => m.Name == "ai_orchestrator_overhead").Value, 0, 5);
    }

    [Fact]
    public async Task Attempt_that_failed_has_its_class_in_its_span_and_in_its_metric_and_no_tokens()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Status(503));
        await using var app = await OrchestratorApp.StartWithAsync("openai", provider.Url);
        var spans = new ConcurrentQueue<Activity>();
        using var spying = Spy(spans);
        var measured = new ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)>();
        using var meters = Listen(app, measured);

        using var response = await app.ExtractAsync();

        var port = new Uri(provider.Url).Port;
        var span = Assert.Single(spans, s => Equals(s.GetTagItem("server.port"), port));
        Assert.Equal((ActivityStatusCode.Error, "overload"), (span.Status, (string?)span.GetTagItem("error.type")));
        var failed = Assert.Single(measured, m => m.Name == "gen_ai.client.operation.duration" && m.Tags.ContainsKey("error.type"));
        Assert.Equal(("overload", "openai"), (failed.Tags["error.type"], failed.Tags["gen_ai.provider.name"]));
        Assert.DoesNotContain(measured, m => m.Name == "gen_ai.client.token.usage");
    }

    [Fact]
    public async Task Every_call_is_counted_also_one_that_is_refused_or_known_already()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var app = await OrchestratorApp.StartAsync(
            GovernedCalls.Yaml(provider.Url, "rates: {default: {per_second: 0.01, burst: 2}}\ncache: {ttl_seconds: 60}"));
        var measured = new ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)>();
        using var meters = Listen(app, measured);

        for (var call = 0; call < 3; call++) (await app.ExtractAsync()).Dispose();

        Assert.Equal(
            [("success", "paid"), ("success", "paid"), ("rejected", "none")],
            measured.Where(m => m.Name == "ai_orchestrator_calls").Select(m => ((string)m.Tags["outcome"]!, (string)m.Tags["provider"]!)));
        Assert.Equal(3, measured.Count(m => m.Name == "ai_orchestrator_overhead"));
    }

    private static ActivityListener Spy(ConcurrentQueue<Activity> spans)
    {
        var spying = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CallTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(spying);
        return spying;
    }

    private static MeterListener Listen(OrchestratorApp app, ConcurrentQueue<(string, double, Dictionary<string, object?>)> measured)
    {
        var factory = app.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == CallTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, factory)) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => measured.Enqueue((i.Name, value, Tags(tags))));
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => measured.Enqueue((i.Name, value, Tags(tags))));
        listener.Start();
        return listener;
    }

    private static Dictionary<string, object?> Tags(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        tags.ToArray().ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
}
