using AetherLink.LoadGenerator.Http;
using AetherLink.LoadGenerator.Load;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>
/// From when an event was due to be published until the webhook has the alert that it raised. The event, the alert, its own
/// event and the delivery are committed on the way. Each event is of a group of its own, so that each raises an alert; and as
/// many are resolved meanwhile, a second later.
/// </summary>
internal sealed class AlertsCase : ICase
{
    private static readonly string[] Raised = ["ops.alert.raised"];

    private const double AlertsASecond = 500;
    private const double PromisedMilliseconds = 50;

    /// <summary>
    /// Twice what ships, and as many as the generator's own connections: all alerts go to one webhook here, where a deployment's go to many.
    /// </summary>
    private const int EndpointConcurrency = 64;

    /// <summary>A rule each: no rule keeps windows for more than a thousand groups at a time.</summary>
    private const int Tenants = 10;

    public string Name => "alerts";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var receiver = await WebhookReceiver.StartAsync(cancellationToken);
        await using var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken, bench.IsProfiled);
        await using var service = await Service.CommandCenterAsync(
            bench, postgres, cancellationToken, new() { ["DELIVERIES_ALLOWED_NETWORKS"] = "127.0.0.0/8", ["Deliveries__EndpointConcurrency"] = Row.Text($"{EndpointConcurrency}") });
        using var admin = new Admin(service.Address);
        await admin.SendAsync(HttpMethod.Post, "/alerts/webhooks",
            new { url = $"http://{receiver.Address}/hook/0", kind = "standard", secret = receiver.Secret, event_types = Raised },
            cancellationToken);
        for (var tenant = 0; tenant < Tenants; tenant++)
        {
            await admin.SendAsync(HttpMethod.Post, "/alerts/rules",
                new { name = $"bench {tenant}", tenant_id = Tenant(tenant), event_type = WebhookPublishing.Type, group_by = "payload.lead_id", window_seconds = 1, threshold = 1 },
                cancellationToken);
        }

        await WarmingUp.RunAsync(bench, service.ProcessId, (slice, time) => MeasureAsync(Row.Text($"warm{slice}"), time));
        var statements = await Statements.CountAsync(bench, postgres, cancellationToken);
        var busy = new Busy(bench, "alerts", ("command-center", service.ProcessId), ("postgres", postgres.ProcessId));
        var (latency, missing) = await MeasureAsync("alert", bench.Measured);
        busy.Tell(AlertsASecond * bench.Measured.TotalSeconds);
        await statements.TellAsync(AlertsASecond * bench.Measured.TotalSeconds, cancellationToken);
        var request = RequestBytes.Post(receiver.Address, "/bare", WebhookPublishing.Event("bare", 0, Tenant(0)));
        var bare = await OpenLoop.RunAsync(
            receiver.Address, 64, AlertsASecond, bench.Measured / 2, _ => request, Judges.Ok, cancellationToken);
        var lost = missing + receiver.Forged == 0 ? "" : Row.Text($", {missing} missing, {receiver.Forged} forged");
        return
        [
            new(Row.Text($"alerts at {AlertsASecond:0}/s to one webhook, {EndpointConcurrency} requests at a time, published to webhook received p50 / p95 / p99"),
                Row.Text($"{latency.Percentile(50) / 1e6:0} / {latency.Percentile(95) / 1e6:0} / {latency.Percentile(99) / 1e6:0} ms{lost}"),
                Row.Text($"p95 < {PromisedMilliseconds:0} ms"), latency.Percentile(95) / 1e6 < PromisedMilliseconds && lost.Length == 0,
                Row.Text($"bare POST p95 {bare.Milliseconds(95):0.0} ms"), latency.Percentile(95) / 1e6 / bare.Milliseconds(95)),
            Memory.Row("alerts", service),
        ];

        async Task<(Measuring.Histogram Latency, long Missing)> MeasureAsync(string run, TimeSpan duration)
        {
            var arrivals = receiver.Begin(run, WebhookPublishing.Count(AlertsASecond, duration), 1);
            var (published, due) = await WebhookPublishing.ByScheduleAsync(
                service.Address, run, AlertsASecond, duration, number => Tenant(number % Tenants), cancellationToken);
            await arrivals.UntilAsync((int)published.Good, cancellationToken);
            return (arrivals.Since(due), published.Asked - arrivals.Seen);
        }
    }

    private static string Tenant(long number) => Row.Text($"tenant-{number}");
}
