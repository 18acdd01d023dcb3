using System.Net;
using AetherLink.LoadGenerator.Http;
using AetherLink.LoadGenerator.Load;
using AetherLink.LoadGenerator.Measuring;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>Events to ten webhooks that check the signatures: as fast as it goes, and beside an endpoint that always times out.</summary>
internal sealed class DeliveriesCase : ICase
{
    private const double Promised = 1_000;
    private const int Endpoints = 10;
    private const int EventsABatch = 500;

    /// <summary>Half of what is promised, so that there is no queue but the stuck one's.</summary>
    private const double EventsASecond = 0.5 * Promised / Endpoints;

    private const double MostWorse = 1.10;

    /// <summary>The time-outs are its second half, or third.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2.5);

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["DELIVERIES_ALLOWED_NETWORKS"] = "127.0.0.0/8",
        // Instead of 15 s, so that there are many time-outs in a run.
        ["Deliveries__TimeoutSeconds"] = "1",
    };

    public string Name => "deliveries";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var receiver = await WebhookReceiver.StartAsync(cancellationToken);
        await using var never = new StuckReceiver();
        await using var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken, bench.IsProfiled);
        await using var service = await Service.CommandCenterAsync(bench, postgres, cancellationToken, Settings);
        using var admin = new Admin(service.Address);
        for (var number = 0; number < Endpoints; number++)
        {
            await AddAsync(admin, receiver.Address, receiver.Secret, Row.Text($"/hook/{number}"), enabled: true, cancellationToken);
        }
        var stuck = await AddAsync(admin, never.Address, receiver.Secret, "/stuck", enabled: false, cancellationToken);

        // Both what succeeds and what times out.
        await WarmingUp.RunAsync(bench, service.ProcessId, async (slice, time) =>
        {
            await BeStuckAsync(true);
            await ByScheduleAsync(service, receiver, Row.Text($"warm{slice}"), time / 2, new(), cancellationToken);
            await BeStuckAsync(false);
            await BurstAsync(service, receiver, Row.Text($"warm-burst{slice}"), bench.Quick ? 1 : 4, cancellationToken);
        });
        var batches = bench.Quick ? 2 : 8;
        var statements = await Statements.CountAsync(bench, postgres, cancellationToken);
        var busy = new Busy(bench, "deliveries, ceiling", ("command-center", service.ProcessId), ("postgres", postgres.ProcessId));
        var (perSecond, missing) = await BurstAsync(service, receiver, "burst", batches, cancellationToken);
        busy.Tell(batches * EventsABatch * Endpoints);
        await statements.TellAsync(batches * EventsABatch * Endpoints, cancellationToken);

        // By turns, so that both see the machine as it was; and many, since a disk that stalls (here for 50 to 100 ms now and then)
        // spoils one of them, and not their median.
        Histogram[] turns = [.. Enumerable.Range(0, bench.Quick ? 4 : 32).Select(_ => new Histogram())];
        for (var turn = 0; turn < turns.Length; turn++)
        {
            await BeStuckAsync(IsBeside(turn));
            missing += await ByScheduleAsync(service, receiver, Row.Text($"turn{turn}"), Turn, turns[turn], cancellationToken);
        }
        Histogram[] alone = [.. turns.Where((_, turn) => !IsBeside(turn))], beside = [.. turns.Where((_, turn) => IsBeside(turn))];
        var bare = await BareAsync(bench, receiver, cancellationToken);
        var worse = Median(beside, 99) / Median(alone, 99);
        var lost = missing + receiver.Forged == 0 ? "" : Row.Text($", {missing} missing, {receiver.Forged} forged");
        return
        [
            new("deliveries, signed, verified and recorded", Row.Text($"{perSecond:n0}/s{lost}"), Row.Text($"{Promised:n0}/s"),
                perSecond >= Promised && lost.Length == 0, Row.Text($"bare POST {bare:n0}/s"), perSecond / bare),
            new(Row.Text($"  at {EventsASecond * Endpoints:0}/s, published to received p50 / p99, median of {alone.Length} turns"), $"{Milliseconds(alone)} ms"),
            new("  the same beside an endpoint that always times out", $"{Milliseconds(beside)} ms", Row.Text($"p99 < {MostWorse:0.00} times"),
                worse < MostWorse, "without it", worse),
            Memory.Row("deliveries", service),
        ];

        static bool IsBeside(int turn) => turn % 2 == 1;

        Task BeStuckAsync(bool enabled) =>
            admin.SendAsync(HttpMethod.Put, $"/alerts/webhooks/{stuck}", new { enabled }, cancellationToken);
    }

    private static async Task<string> AddAsync(
        Admin admin, IPEndPoint receiver, string secret, string path, bool enabled, CancellationToken cancellationToken)
    {
        var made = await admin.SendAsync(HttpMethod.Post, "/alerts/webhooks",
            new { url = $"http://{receiver}{path}", kind = "standard", secret, event_types = new[] { WebhookPublishing.Type }, enabled },
            cancellationToken);
        return made.GetProperty("webhook").GetProperty("id").GetString()!;
    }

    /// <summary>Publishes in batches, which takes no time, and waits until all has arrived.</summary>
    private static async Task<(double PerSecond, long Missing)> BurstAsync(
        Service service, WebhookReceiver receiver, string run, int batches, CancellationToken cancellationToken)
    {
        var wanted = batches * EventsABatch * Endpoints;
        var arrivals = receiver.Begin(run, batches * EventsABatch, Endpoints);
        using var admin = new Admin(service.Address);
        var started = Clock.Now;
        for (var batch = 0; batch < batches; batch++)
        {
            await admin.SendAsync(HttpMethod.Post, "/events/publish/batch",
                Enumerable.Range(batch * EventsABatch, EventsABatch).Select(number => new
                {
                    event_type = WebhookPublishing.Type,
                    source = "bench",
                    payload = new { lead_id = WebhookPublishing.Mark(run, number), name = "Jane Doe", status = "new" },
                }),
                cancellationToken);
        }
        await arrivals.UntilAsync(wanted, cancellationToken);
        return (1e9 * arrivals.Seen / (arrivals.Newest - started), wanted - arrivals.Seen);
    }

    private static async Task<long> ByScheduleAsync(
        Service service, WebhookReceiver receiver, string run, TimeSpan duration, Histogram latency, CancellationToken cancellationToken)
    {
        var arrivals = receiver.Begin(run, WebhookPublishing.Count(EventsASecond, duration), Endpoints);
        var (published, due) = await WebhookPublishing.ByScheduleAsync(
            service.Address, run, EventsASecond, duration, _ => "tenant-1", cancellationToken);
        var wanted = (int)published.Good * Endpoints;
        await arrivals.UntilAsync(wanted, cancellationToken);
        arrivals.Since(due, latency);
        return wanted - arrivals.Seen + published.Bad;
    }

    private static async Task<double> BareAsync(Bench bench, WebhookReceiver receiver, CancellationToken cancellationToken)
    {
        var request = RequestBytes.Post(receiver.Address, "/bare", WebhookPublishing.Event("bare", 0, "tenant-1"));
        return (await ClosedLoop.RunAsync(receiver.Address, 32, bench.Measured / 4, _ => request, Judges.Ok, cancellationToken)).PerSecond;
    }

    private static double Median(Histogram[] turns, double percentile) =>
        turns.Select(turn => turn.Percentile(percentile)).Order().Skip((turns.Length - 1) / 2).Take(2 - (turns.Length % 2)).Average();

    private static string Milliseconds(Histogram[] turns) => Row.Text($"{Median(turns, 50) / 1e6:0.0} / {Median(turns, 99) / 1e6:0.0}");
}
