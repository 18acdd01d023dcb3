using System.Diagnostics;
using AetherLink.LoadGenerator.Load;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases.Pages;

/// <summary>
/// What the overview costs those who serve it, with 1,000 services and 50 events/s, and how soon it is there. One viewer is a real
/// browser, whose questions are recorded; the others are readers that hold the stream and ask the same, each in a name of its own.
/// </summary>
internal sealed class OverviewCase : ICase
{
    private const int Services = 1_000;
    private const double EventsASecond = 50;
    private const double PromisedSeconds = 1;
    private const int Loads = 5;

    /// <summary>Viewers, and what they may take of one processor.</summary>
    private static readonly (int Viewers, double Most)[] Audiences = [(10, 50), (50, 100)];

    public string Name => "web";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        if (!RealBrowser.IsThere)
        {
            return [new("overview in a browser", $"not measured: no {RealBrowser.Path} on this machine")];
        }
        // They know each other by one key.
        bench = bench with { ServiceEnvironment = new Dictionary<string, string>(bench.ServiceEnvironment) { ["MESH_KEY"] = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N") } };
        await using var probed = await Probed.StartAsync(cancellationToken);
        await using var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken);
        // As often as outside of Development.
        await using var center = await Service.CommandCenterAsync(bench, postgres, cancellationToken, new() { ["Mesh__ProbeSeconds"] = "10", ["Mesh__LeaseSeconds"] = "86400" });
        await using var orchestrator = await Service.OrchestratorAsync(bench, probed.Control, cancellationToken);
        await using var healer = await Service.AutoHealAsync(bench, postgres, new()
        {
            ["AUTOHEAL_SERVICES"] = "[]",
            ["DOCKER_HOST"] = $"unix://{bench.Folder}/no-engine.sock",
            ["services__mesh-control__http__0"] = probed.Control.ToString(),
        }, cancellationToken);
        await using var web = await Service.WebAsync(bench, center, orchestrator, healer, cancellationToken);
        using (var admin = new Admin(center.Address))
        {
            for (var number = 0; number < Services; number++)
            {
                await admin.SendAsync(HttpMethod.Post, "/ops/register", new { name = Row.Text($"service-{number:D4}"), url = probed.Control, health_url = probed.Well(number), version = "1.0" }, cancellationToken);
            }
        }
        return await MeasureAsync(bench, new($"http://{web.Address}"), center, web, cancellationToken);
    }

    private static async Task<IReadOnlyList<Row>> MeasureAsync(Bench bench, Uri address, Service center, Service web, CancellationToken cancellationToken)
    {
        var (shares, rows) = (new Dictionary<int, (double Web, double Center)>(), new List<Row>());
        using var published = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var publishing = PublishAsync(center, published.Token);
        await using (var browser = await RealBrowser.OpenAsync(address))
        {
            // What is hot is compiled anew with one who looks.
            await WarmingUp.RunAsync(bench, web.ProcessId, (_, time) => Task.Delay(time, cancellationToken));
            var first = await browser.FirstUsefulPaintsAsync(Loads);
            rows.Add(new(Row.Text($"overview of {Services:n0} services at {EventsASecond:0} events/s, first useful paint, nothing kept from before"),
                Row.Text($"{first[first.Count / 2].Seconds:0.00} s, at most {first[^1].Seconds:0.00} s of {Loads}"), Row.Text($"< {PromisedSeconds:0} s"), first[first.Count / 2].Seconds < PromisedSeconds));
            foreach (var paint in first)
            {
                bench.Explain($"first useful paint, ms: {paint.Phases}");
            }
            var asked = await browser.RecordAsync(bench.Measured, cancellationToken);
            bench.Explain(Row.Text($"a browser asks {asked.Count / bench.Measured.TotalSeconds:0.0}/s: {string.Join(", ", asked.GroupBy(one => one.Path.Split('?')[0]).OrderByDescending(one => one.Count()).Select(one => Row.Text($"{one.Key} {one.Count()}")))}"));
            foreach (var (viewers, _) in Audiences)
            {
                await using var readers = await Readers.JoinAsync(address, viewers - 1, asked, bench.Measured, cancellationToken);
                shares[viewers] = await ShareAsync(bench, center, web, cancellationToken);
                bench.Explain(Row.Text($"{viewers} viewers: {readers.Events} events read, {readers.Answers} answers, {readers.Refused} refused"));
                if (readers.Refused > 0 || readers.Events == 0)
                {
                    rows.Add(new(Row.Text($"  {viewers} viewers"), Row.Text($"{readers.Refused} questions refused, {readers.Events} events read"), "none refused", false));
                }
            }
        }
        shares[0] = await ShareAsync(bench, center, web, cancellationToken);
        await published.CancelAsync();
        await publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var (bareWeb, bareCenter) = shares[0];
        foreach (var (viewers, most) in Audiences)
        {
            var (ofWeb, ofCenter) = shares[viewers];
            rows.Add(new(Row.Text($"  {viewers} who look at it: processor of web and command-center"), Row.Text($"{ofWeb + ofCenter:0} % of one ({ofWeb:0} + {ofCenter:0})"),
                Row.Text($"< {most:0} %"), ofWeb + ofCenter < most, Row.Text($"nobody looks {bareWeb + bareCenter:0} % ({bareWeb:0} + {bareCenter:0})"), (ofWeb + ofCenter) / (bareWeb + bareCenter)));
        }
        return rows;
    }

    /// <summary>In per cent of one processor.</summary>
    private static async Task<(double Web, double Center)> ShareAsync(Bench bench, Service center, Service web, CancellationToken cancellationToken)
    {
        // The first questions of those who have just come are over.
        await Task.Delay(bench.WarmUp, cancellationToken);
        var (started, ofWeb, ofCenter) = (Stopwatch.GetTimestamp(), CpuUse.Of(web.ProcessId), CpuUse.Of(center.ProcessId));
        await Task.Delay(bench.Measured, cancellationToken);
        var took = Stopwatch.GetElapsedTime(started);
        return (100 * ((CpuUse.Of(web.ProcessId) - ofWeb) / took), 100 * ((CpuUse.Of(center.ProcessId) - ofCenter) / took));
    }

    private static async Task PublishAsync(Service center, CancellationToken cancellationToken)
    {
        var requests = Samples.Requests(center.Address, "/events/publish");
        while (!cancellationToken.IsCancellationRequested)
        {
            await OpenLoop.RunAsync(
                center.Address, 4, EventsASecond, TimeSpan.FromSeconds(10), number => requests[number % requests.Length], (_, _, status, _) => status == 200, cancellationToken);
        }
    }
}
