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

    /// <summary>20 are under way at this rate and the provider's time; the rest is for when it stalls.</summary>
    private const int Connections = 128;

    private const string Body =
        """{"intent":"summarize-activity","tenant_id":"tenant-1","payload":{"activity":"Called the customer about the offer; she asks for a call back on Monday."}}""";

    private const string ChatBody =
        """{"model":"fake","messages":[{"role":"user","content":"Called the customer about the offer; she asks for a call back on Monday."}]}""";

    private static readonly byte[] Mark = Encoding.ASCII.GetBytes(BareServer.TookMark);

    public string Name => "overhead";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var provider = await BareServer.StartAsync();
        var url = new Uri($"http://{provider.Address}/provider");
        var direct = await MeasureAsync(bench, provider.Address, "/provider", cancellationToken);
        Histogram proxied, ours;
        Row memory;
        await using (var proxy = await BareServer.StartAsync(url))
        {
            proxied = await MeasureAsync(bench, proxy.Address, "/proxy", cancellationToken, ("proxy", proxy.ProcessId));
        }
        await using (var service = await Service.OrchestratorAsync(bench, url, cancellationToken))
        {
            ours = await MeasureAsync(bench, service.Address, "/orchestrate", cancellationToken, ("orchestrator", service.ProcessId), ("provider", provider.ProcessId));
            memory = Memory.Row("at that rate", service, "orchestrator", PromisedMegabytes);
        }
        var peer = await PeerAsync(bench, provider.Address, cancellationToken);
        var (p50, p99) = (Milliseconds(ours, 50), Milliseconds(ours, 99));
        return
        [
            new(Row.Text($"/orchestrate at {PerSecond:n0}/s, beyond the provider's own time p50 / p99"), Row.Text($"{p50:0.00} / {p99:0.00} ms"),
                Row.Text($"< {PromisedP50} / < {PromisedP99} ms"), p50 < PromisedP50 && p99 < PromisedP99,
                Row.Text($"proxy {Milliseconds(proxied, 50):0.00} / {Milliseconds(proxied, 99):0.00} ms"), p50 / Milliseconds(proxied, 50)),
            new("  asking the provider directly", Row.Text($"{Milliseconds(direct, 50):0.00} / {Milliseconds(direct, 99):0.00} ms")),
            memory,
            .. peer is null ? Array.Empty<Row>() : [new(
                $"  {Peer.Name} before the same provider", Row.Text($"{Milliseconds(peer, 50):0.00} / {Milliseconds(peer, 99):0.00} ms"))],
        ];
    }

    /// <summary>Null where it is not installed, or cannot keep up with the rate.</summary>
    private static async Task<Histogram?> PeerAsync(Bench bench, IPEndPoint provider, CancellationToken cancellationToken)
    {
        await using var peer = await Peer.StartAsync(bench, cancellationToken);
        if (peer is null) return null;
        var headers = $"Authorization: Bearer k\r\nx-portkey-provider: openai\r\nx-portkey-custom-host: http://{provider}/v1\r\n";
        try
        {
            return await MeasureAsync(
                bench, RequestBytes.Post(peer.Address, "/v1/chat/completions", ChatBody, headers: headers), peer.Address, Peer.Name, cancellationToken,
                ("peer", peer.ProcessId));
        }
        catch (InvalidOperationException refused)
        {
            bench.Explain(refused.Message);
            return null;
        }
    }

    private static double Milliseconds(Histogram histogram, double percentile) => histogram.Percentile(percentile) / 1e6;

    private static async Task<Histogram> MeasureAsync(
        Bench bench, IPEndPoint server, string path, CancellationToken cancellationToken, params (string Name, int Process)[] processes) =>
        await MeasureAsync(bench, RequestBytes.Post(server, path, Body), server, path, cancellationToken, processes);

    private static async Task<Histogram> MeasureAsync(
        Bench bench, byte[] request, IPEndPoint server, string path, CancellationToken cancellationToken, params (string Name, int Process)[] processes)
    {
        var beyond = new Histogram();
        bool Judge(long number, long dueAt, int status, ReadOnlySpan<byte> body)
        {
            var at = body.IndexOf(Mark);
            if (status != 200 || at < 0 || !Utf8Parser.TryParse(body[(at + Mark.Length)..], out long microseconds, out _))
            {
                return false;
            }
            beyond.Record(Clock.Now - dueAt - 1_000 * microseconds);
            return true;
        }
        Task LoadAsync(TimeSpan time) => OpenLoop.RunAsync(server, Connections, PerSecond, time, _ => request, Judge, cancellationToken);
        await (processes is [var (_, process), ..] ? WarmingUp.RunAsync(bench, process, (_, time) => LoadAsync(time)) : LoadAsync(bench.WarmUp));
        beyond = new();
        var busy = new Busy(bench, path, processes);
        var result = await OpenLoop.RunAsync(server, Connections, PerSecond, bench.Measured, _ => request, Judge, cancellationToken);
        busy.Tell(result.Asked);
        return result.Bad == 0
            ? beyond
            : throw new InvalidOperationException(Row.Text($"{path} answered {result.Bad} of {result.Asked} requests wrongly."));
    }
}
