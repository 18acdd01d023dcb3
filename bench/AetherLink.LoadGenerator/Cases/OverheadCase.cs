using System.Buffers.Text;
using System.Net;
using System.Text;
using AetherLink.LoadGenerator.Bare;
using AetherLink.LoadGenerator.Http;
using AetherLink.LoadGenerator.Load;
using AetherLink.LoadGenerator.Measuring;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>
/// What a caller of /orchestrate waits beyond the time that the provider itself took, request by request: the provider says
/// in its answer how long it took. Both hops over HTTP are in it.
/// </summary>
internal sealed class OverheadCase : ICase
{
    private const double PerSecond = 1_000;
    private const double PromisedP50 = 0.5;
    private const double PromisedP99 = 3;
    private const double PromisedMegabytes = 300;

    /// <summary>Told of a stretch of load; the rest is as many words again, and says the same.</summary>
    private const int MostStalls = 8;

    private const string Ours = "/orchestrate";

    /// <summary>20 are under way at this rate and the provider's time; the rest is for when it stalls.</summary>
    private const int Connections = 128;

    internal const string Body =
        """{"intent":"summarize-activity","tenant_id":"tenant-1","payload":{"activity":"Called the customer about the offer; she asks for a call back on Monday."}}""";

    private const string ChatBody =
        """{"model":"fake","messages":[{"role":"user","content":"Called the customer about the offer; she asks for a call back on Monday."}]}""";

    /// <summary>A gateway of one thread may not reach the first.</summary>
    private static readonly double[] PeerPerSecond = [PerSecond, 250, 50];

    private static readonly byte[] Mark = Encoding.ASCII.GetBytes(BareServer.TookMark);

    public string Name => "overhead";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var provider = await BareServer.StartProviderAsync();
        return
        [
            .. await BeforeAsync(bench, provider, "/instant", "an instant provider", cancellationToken),
            .. await BeforeAsync(bench, provider, "/provider", Row.Text($"one of {BareServer.ProviderTime.TotalMilliseconds:0} ms"), cancellationToken),
            .. await PeerAsync(bench, provider.Address, cancellationToken),
        ];
    }

    private static async Task<IReadOnlyList<Row>> BeforeAsync(
        Bench bench, BareServer provider, string path, string what, CancellationToken cancellationToken)
    {
        var url = new Uri($"http://{provider.Address}{path}");
        var direct = await MeasureAsync(bench, provider.Address, path, cancellationToken);
        Measured proxied, ours;
        Row memory;
        await using (var proxy = await BareServer.StartAsync(url))
        {
            proxied = await MeasureAsync(bench, proxy.Address, "/proxy", cancellationToken, ("proxy", proxy.ProcessId));
        }
        await using (var service = await Service.OrchestratorAsync(bench, url, cancellationToken))
        {
            ours = await MeasureAsync(bench, service.Address, Ours, cancellationToken, ("orchestrator", service.ProcessId), ("provider", provider.ProcessId));
            memory = Memory.Row("at that rate", service, "orchestrator", PromisedMegabytes);
        }
        return
        [
            new(Row.Text($"/orchestrate at {PerSecond:n0}/s before {what}, beyond the provider's own time p50 / p99"), ours.Text,
                Row.Text($"< {PromisedP50} / < {PromisedP99} ms"), ours.P50 < PromisedP50 && ours.P99 < PromisedP99,
                Row.Text($"proxy {proxied.Text}"), ours.P50 / proxied.P50),
            new("  of those due while the host took nothing", ours.Free, Baseline: Row.Text($"proxy {proxied.Free}")),
            new("  processor time of a call", Row.Text($"{ours.Microseconds:0} us"), Baseline: Row.Text($"proxy {proxied.Microseconds:0} us"),
                Ratio: ours.Microseconds / proxied.Microseconds),
            new("  asking the provider directly", direct.Text),
            memory,
        ];
    }

    /// <summary>At the highest of the rates that it keeps up with; no row where it is not installed.</summary>
    private static async Task<IReadOnlyList<Row>> PeerAsync(Bench bench, IPEndPoint provider, CancellationToken cancellationToken)
    {
        foreach (var rate in PeerPerSecond)
        {
            // Anew each time: what it could not keep up with would be in its queues.
            await using var peer = await Peer.StartAsync(bench, cancellationToken);
            if (peer is null) return [];
            var headers = $"Authorization: Bearer k\r\nx-portkey-provider: openai\r\nx-portkey-custom-host: http://{provider}/v1\r\n";
            try
            {
                var measured = await MeasureAsync(
                    bench, RequestBytes.Post(peer.Address, "/v1/chat/completions", ChatBody, headers: headers), peer.Address, Peer.Name, rate, reconnects: true, cancellationToken,
                    ("peer", peer.ProcessId));
                // Node ends connections that it has kept alive for a while.
                var lost = measured.Reconnected == 0 ? "" : Row.Text($", {measured.Reconnected:n0} connections made anew");
                return [new(Row.Text($"  {Peer.Name} before the same provider, at {rate:n0}/s"), Row.Text($"{measured.Text}, {measured.Microseconds:0} us{lost}"))];
            }
            catch (NotKeptUpException refused)
            {
                bench.Explain(refused.Message);
            }
        }
        return [new($"  {Peer.Name} before the same provider", Row.Text($"does not keep up with {PeerPerSecond[^1]:n0}/s"))];
    }

    private static Task<Measured> MeasureAsync(
        Bench bench, IPEndPoint server, string path, CancellationToken cancellationToken, params (string Name, int Process)[] processes) =>
        MeasureAsync(bench, RequestBytes.Post(server, path, Body), server, path, PerSecond, reconnects: false, cancellationToken, processes);

    private static async Task<Measured> MeasureAsync(
        Bench bench, byte[] request, IPEndPoint server, string path, double perSecond, bool reconnects, CancellationToken cancellationToken,
        params (string Name, int Process)[] processes)
    {
        var beyond = new Histogram();
        var late = new Stalls(0, perSecond);
        bool Judge(long number, long dueAt, int status, ReadOnlySpan<byte> body)
        {
            var at = body.IndexOf(Mark);
            if (status != 200 || at < 0 || !Utf8Parser.TryParse(body[(at + Mark.Length)..], out long microseconds, out _))
            {
                return false;
            }
            var nanoseconds = Clock.Now - dueAt - 1_000 * microseconds;
            beyond.Record(nanoseconds);
            late.Record(number, dueAt, nanoseconds);
            return true;
        }
        Task LoadAsync(TimeSpan time) => OpenLoop.RunAsync(server, Connections, perSecond, time, _ => request, Judge, cancellationToken, reconnects);
        await (processes is [var (_, process), ..] ? WarmingUp.RunAsync(bench, process, (_, time) => LoadAsync(time)) : LoadAsync(bench.WarmUp));
        using var client = new HttpClient { BaseAddress = new($"http://{server}") };
        var heldUp = bench.IsProfiled && path == Ours ? await HeldUp.BeginAsync(client, cancellationToken) : null;
        beyond = new();
        late = new((int)(perSecond * bench.Measured.TotalSeconds), perSecond);
        var busy = new Busy(bench, path, processes);
        var before = processes is [var (_, measured), ..] ? CpuUse.Of(measured) : TimeSpan.Zero;
        var recompiled = processes is [var (_, warm), ..] ? WarmingUp.Recompiled(warm) : null;
        var running = OpenLoop.RunAsync(server, Connections, perSecond, bench.Measured, _ => request, Judge, cancellationToken, reconnects);
        var free = late.DueIn(await StolenTime.NoneWhileAsync(running));
        var result = await running;
        var used = processes is [var (_, same), ..] ? CpuUse.Of(same) - before : TimeSpan.Zero;
        busy.Tell(result.Asked);
        bench.Explain(Row.Text($"{path}: {Told(late.Over(TimeSpan.FromMilliseconds(PromisedP99)))}"));
        if (heldUp is not null && recompiled is not null)
        {
            var compiler = CpuUse.Since(recompiled, WarmingUp.Recompiled(processes[0].Process));
            bench.Explain(Row.Text($"{path}: {await heldUp.TellAsync(cancellationToken)}, the compiler worked beside it for {compiler.TotalSeconds:0.00} s"));
        }
        return result.Bad == 0
            ? new(beyond.Percentile(50) / 1e6, beyond.Percentile(99) / 1e6, used.TotalMicroseconds / result.Asked, result.Reconnected,
                Row.Text($"{free.Percentile(50) / 1e6:0.00} / {free.Percentile(99) / 1e6:0.00} ms ({free.Count:n0})"))
            : throw new NotKeptUpException(Row.Text($"{path} answered {result.Bad} of {result.Asked} requests wrongly, or not at all."));
    }

    /// <summary>Those that made most requests late, each with when it was.</summary>
    private static string Told(IReadOnlyList<Stall> stalls)
    {
        var worst = stalls.OrderByDescending(one => one.Requests).Take(MostStalls)
            .Select(one => Row.Text($"{one.Requests} at {one.At.TotalSeconds:0.00} s, by up to {one.Worst.TotalMilliseconds:0.0} ms"));
        return Row.Text($"{stalls.Sum(one => one.Requests):n0} were late by more than {PromisedP99} ms, in {stalls.Count:n0} stretches: {string.Join("; ", worst)}");
    }

    /// <summary>Milliseconds, processor time for each request, and the milliseconds and the number of those due while the host took nothing.</summary>
    private sealed record Measured(double P50, double P99, double Microseconds, long Reconnected, string Free)
    {
        public string Text => Row.Text($"{P50:0.00} / {P99:0.00} ms");
    }

    /// <summary>Somebody answered wrongly, or not at all.</summary>
    private sealed class NotKeptUpException(string message) : Exception(message);
}
