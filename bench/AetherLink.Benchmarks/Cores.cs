using System.Collections.Immutable;
using System.Text;
using AetherLink.AutoHeal.Governing;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.CommandCenter.Events.Validating;
using AetherLink.CommandCenter.Insights.Anomalies.Detecting;
using AetherLink.Orchestrator.Local;
using AetherLink.Orchestrator.Routing;
using BenchmarkDotNet.Attributes;

namespace AetherLink.Benchmarks;

/// <summary>What decides and what encodes, without any I/O.</summary>
public class Cores
{
    private readonly string _lead =
        "Hi, I'm Jane Doe from Northwind Traders. We are 40 people and look for a new CRM; could you send a quote? "
        + "My number is +1 (555) 010-2030, mail jane.doe@northwind.example. Thanks, Jane";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Arrival Arrival = new(Now, Origin.Http) { ClientIp = "10.0.0.1", Publisher = "bench" };

    private readonly byte[] _envelope = Encoding.UTF8.GetBytes(
        """{"event_type":"lead.created","source":"bench-1","tenant_id":"tenant-7","severity":"info","payload":{"lead_id":"l-00000007","name":"Jane Doe","email":"jane.doe@example.com","company":"Example and Sons","status":"new","note":"asked for a call back"}}""");

    private readonly StoredEvent _stored = new()
    {
        Sequence = 1_234_567,
        EventId = "019aa5e2-7a4c-7000-8000-000000000000",
        EventType = "lead.created",
        Source = "bench-1",
        TenantId = "tenant-7",
        Severity = Severity.Info,
        Timestamp = Now,
        ReceivedAt = Now,
        Payload = new(Encoding.UTF8.GetBytes("""{"name": "Jane Doe", "email": "jane.doe@example.com", "status": "new", "lead_id": "l-00000007"}""")),
    };

    private readonly RestartGovernor _governor = new(new());
    private readonly FleetState _fleet;

    private readonly ProviderView[] _chain = [.. new[] { "claude", "ollama", "openai", "summarizer", "local" }.Select(
        name => new ProviderView(name, ImmutableHashSet.Create("extract-lead", "summarize-activity"), null, Breaker.Closed))];

    private readonly SeriesDetector _detector = new();
    private long _points;

    public Cores()
    {
        _fleet = Enumerable.Range(0, 1_000).Aggregate(FleetState.Empty, (fleet, number) =>
            _governor.See(fleet, $"service-{number}", new(Sign.Healthy, "200"), Now.AddMinutes(-30)));
        _fleet = _governor.See(_fleet, "service-500", new(Sign.Dead, "exited"), Now);
    }

    [Benchmark(Description = "event: read, check, normalise")]
    public object ReadEvent() => EnvelopeReader.Read(_envelope, Arrival, SchemaSet.Shipped);

    [Benchmark(Description = "event: encode for the stream")]
    public object EncodeEvent() => Frame.Of(_stored);

    [Benchmark(Description = "governor: decide, fleet of 1,000")]
    public object Decide() => _governor.Decide(_fleet, "service-500", new(), Now).Fleet;

    /// <summary>Of a series that has learned its seasons.</summary>
    [Benchmark(Description = "anomaly detector: a point")]
    public bool Observe() => _detector.Observe(Now.AddSeconds(10 * ++_points), 100 + (_points * 7 % 13)).IsAnomalous;

    [Benchmark(Description = "router: plan over 5 providers")]
    public object Plan() => Router.Plan(_chain, new RouteRequest("extract-lead"), Now);

    [Benchmark(Description = "local provider: extract a lead")]
    public object Extract() => LeadExtraction.Extract(_lead);
}
