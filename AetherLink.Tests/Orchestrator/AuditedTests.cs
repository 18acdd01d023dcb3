using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.ServiceDefaults;
using Confluent.Kafka;

namespace AetherLink.Tests.Orchestrator;

/// <summary>The audit topic against the calls, with a real broker: counted, after its absence, and in order.</summary>
public sealed class AuditedTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly KafkaBroker _broker = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task Topic_has_as_many_records_as_there_were_calls()
    {
        var calls = Soak.Rounds(sample: 300, soak: 100_000);
        var number = 0;
        await using var provider = await FakeProvider.StartAsync(context =>
            Interlocked.Increment(ref number) % 10 == 0 ? Answers.Status(500)(context) : Answers.Of("http", Answers.Lead)(context));
        await using var app = await StartAsync(provider.Url);

        var statuses = new ConcurrentBag<HttpStatusCode>();
        await Parallel.ForEachAsync(Enumerable.Range(0, calls), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, cancellationToken) =>
        {
            using var response = await app.ExtractAsync(cancellationToken: cancellationToken);
            statuses.Add(response.StatusCode);
        });

        await Eventually.True(() => Watermarks() == calls, Patience, "a record for each call");
        Assert.Equal(calls, statuses.Count);
        Assert.All(statuses, s => Assert.Equal(HttpStatusCode.OK, s));
        await Eventually.True(() => app.Pending == 0, Patience, "the spool is drained");
        Assert.Equal(calls, Watermarks());
    }

    [Fact]
    public async Task While_Kafka_is_away_the_spool_fills_to_its_bound_then_calls_wait_and_all_that_were_made_drain_in_order()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var app = await StartAsync(provider.Url, ("Spool:MaxBytes", "40000"));
        (await app.ExtractAsync()).Dispose();
        await Eventually.True(() => Watermarks() == 1, Patience, "the broker is found");
        _broker.GoAway();

        var traces = new List<string>();
        while (traces.Count < 1_000)
        {
            var trace = $"{traces.Count + 1:x32}";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/orchestrate")
            {
                Content = new StringContent(
                    """{"intent":"extract","tenant_id":"acme","payload":{"raw_text":"I'm Jane Doe"}}""", System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("traceparent", $"00-{trace}-00000000000000a1-01");
            using var response = await app.Client.SendAsync(request);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                Assert.Contains("audit spool is full", (await response.AssertProblemAsync(503)).Detail(), StringComparison.Ordinal);
                break;
            }
            traces.Add(trace);
        }
        var asked = provider.Asked.Count;
        using var refused = await app.ExtractAsync();
        _broker.ComeBack();

        Assert.InRange(traces.Count, 20, 999);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(asked, provider.Asked.Count);
        await Eventually.True(() => app.Pending == 0, Patience, "the spool is drained");
        // None was made that found no room for its record.
        Assert.Equal(traces.Count + 1, asked);
        var arrived = _broker.Read(Topics.OrchestratorAudit, traces.Count + 1, Patience)
            .Select(m => (string?)JsonNode.Parse(m.Value)!["trace_id"]).Skip(1).ToList();
        Assert.Equal(traces, arrived.Distinct());
        await Eventually.True(
            async () =>
            {
                using var response = await app.ExtractAsync();
                return response.StatusCode == HttpStatusCode.OK;
            }, Patience, "calls are made again");
    }

    private Task<OrchestratorApp> StartAsync(string url, params (string, string)[] settings) => OrchestratorApp.StartAsync(
        $$"""
        version: 1
        circuit: {failure_threshold: 100}
        providers:
          - {name: primary, type: http, url: "{{url}}", priority: 1, capabilities: [extract]}
          - {name: local, type: local, capabilities: [extract]}
        """,
        catchAudit: false,
        [("ConnectionStrings:kafka", _broker.Address), .. settings]);

    private long Watermarks()
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = _broker.Address, GroupId = "watermarks" }).Build();
        return Enumerable.Range(0, 4).Sum(partition =>
            consumer.QueryWatermarkOffsets(new TopicPartition(Topics.OrchestratorAudit, partition), Patience).High.Value);
    }
}
