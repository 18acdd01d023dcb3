using System.Globalization;
using System.Net;
using AetherLink.LoadGenerator.Bare;
using AetherLink.LoadGenerator.Http;
using AetherLink.LoadGenerator.Load;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>From when an event was due to be published until each subscriber has it.</summary>
internal sealed class FanOutCase : ICase
{
    private const double PromisedMilliseconds = 100;

    // Many who look now and then, and fewer during an incident.
    private static readonly (int Subscribers, double EventsASecond)[] Audiences = [(2_000, 20), (5_000, 5)];

    public string Name => "fanout";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var rows = new List<Row>();
        await using var bare = await BareServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken);
        await using var service = await Service.CommandCenterAsync(bench, postgres, cancellationToken);
        foreach (var (subscribers, perSecond) in Audiences)
        {
            var ours = await MeasureAsync(
                bench, service.Address, ("/events/stream", "/events/publish"), subscribers, perSecond, cancellationToken,
                ("command-center", service.ProcessId), ("postgres", postgres.ProcessId));
            var baseline = await MeasureAsync(
                bench, bare.Address, ("/stream", "/broadcast"), subscribers, perSecond, cancellationToken, ("bare", bare.ProcessId));
            rows.Add(new(Row.Text($"fan-out to {subscribers:n0} at {perSecond:0}/s, published to seen p50 / p95 / p99"),
                $"{ours}", Row.Text($"p95 < {PromisedMilliseconds:0} ms"), ours.P95 < PromisedMilliseconds && ours.Missing == 0,
                $"Kestrel {baseline}", ours.P95 / baseline.P95));
        }
        return [.. rows, Memory.Row("fan-out", service)];
    }

    private static async Task<Seen> MeasureAsync(
        Bench bench, IPEndPoint server, (string Stream, string Publish) paths, int subscribers, double perSecond,
        CancellationToken cancellationToken, params (string Name, int Process)[] processes)
    {
        using var listeners = await SseListeners.ConnectAsync(server, paths.Stream, subscribers, cancellationToken);
        ReadOnlyMemory<byte> Request(string run, long number) => RequestBytes.Post(
            server, paths.Publish, Samples.Event(0, string.Create(CultureInfo.InvariantCulture, $"{run}-{number:D8}")));

        // Of its own name: an id that came before is a duplicate, and nobody's to see.
        var run = Row.Text($"{subscribers}");
        await WarmingUp.RunAsync(bench, processes[0].Process, (slice, time) => PublishAsync(Row.Text($"warm{run}-{slice}-"), time));
        var latency = listeners.Begin("bench" + run, bench.Measured, perSecond);
        var busy = new Busy(bench, Row.Text($"fan-out to {subscribers}"), processes);
        var (published, due) = await PublishAsync("bench" + run, bench.Measured);
        listeners.DueAt(due);
        var wanted = published.Good * subscribers;
        for (var waited = 0; latency.Seen < wanted && waited < 50; waited++)
        {
            await Task.Delay(100, cancellationToken);
        }
        busy.Tell(latency.Seen);
        var histogram = latency.Histogram();
        return new(histogram.Percentile(50) / 1e6, histogram.Percentile(95) / 1e6, histogram.Percentile(99) / 1e6, wanted - latency.Seen + published.Bad);

        async Task<(LoadResult Result, long[] Due)> PublishAsync(string name, TimeSpan duration)
        {
            var due = new long[(int)Math.Ceiling(perSecond * duration.TotalSeconds)];
            var result = await OpenLoop.RunAsync(server, 4, perSecond, duration, number => Request(name, number),
                (number, at, status, _) =>
                {
                    due[number] = at;
                    return status == 200;
                },
                cancellationToken);
            return (result, due);
        }
    }

    private sealed record Seen(double P50, double P95, double P99, long Missing)
    {
        public override string ToString() =>
            Row.Text($"{P50:0} / {P95:0} / {P99:0} ms{(Missing == 0 ? "" : Row.Text($", {Missing} missing"))}");
    }
}
