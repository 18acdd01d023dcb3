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
    private const int Subscribers = 5_000;
    private const double EventsASecond = 5;
    private const double PromisedMilliseconds = 100;

    public string Name => "fanout";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        Seen ours, bare;
        await using (var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken))
        await using (var service = await Service.CommandCenterAsync(bench, postgres, cancellationToken))
        {
            var busy = new Busy(bench, "fan-out", ("command-center", service.ProcessId), ("postgres", postgres.ProcessId));
            ours = await MeasureAsync(bench, service.Address, "/events/stream", "/events/publish", cancellationToken);
            busy.Tell();
        }
        await using (var server = await BareServer.StartAsync())
        {
            bare = await MeasureAsync(bench, server.Address, "/stream", "/broadcast", cancellationToken);
        }
        return
        [
            new(Row.Text($"fan-out to {Subscribers:n0} at {EventsASecond:0}/s, published to seen p50 / p95 / p99"),
                $"{ours}", Row.Text($"p95 < {PromisedMilliseconds:0} ms"), ours.P95 < PromisedMilliseconds && ours.Missing == 0,
                $"Kestrel {bare}", ours.P95 / bare.P95),
        ];
    }

    private static async Task<Seen> MeasureAsync(
        Bench bench, IPEndPoint server, string stream, string publish, CancellationToken cancellationToken)
    {
        using var listeners = await SseListeners.ConnectAsync(server, stream, Subscribers, cancellationToken);
        ReadOnlyMemory<byte> Request(string run, long number) => RequestBytes.Post(
            server, publish, Samples.Event(0, string.Create(CultureInfo.InvariantCulture, $"{run}-{number:D8}")));

        await PublishAsync("warm", bench.WarmUp);
        var latency = listeners.Begin("bench", bench.Measured, EventsASecond);
        var (published, due) = await PublishAsync("bench", bench.Measured);
        listeners.DueAt(due);
        var wanted = published.Good * Subscribers;
        for (var waited = 0; latency.Seen < wanted && waited < 50; waited++)
        {
            await Task.Delay(100, cancellationToken);
        }
        var histogram = latency.Histogram();
        return new(histogram.Percentile(50) / 1e6, histogram.Percentile(95) / 1e6, histogram.Percentile(99) / 1e6, wanted - latency.Seen + published.Bad);

        async Task<(LoadResult Result, long[] Due)> PublishAsync(string run, TimeSpan duration)
        {
            var due = new long[(int)Math.Ceiling(EventsASecond * duration.TotalSeconds)];
            var result = await OpenLoop.RunAsync(server, 4, EventsASecond, duration, number => Request(run, number),
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
