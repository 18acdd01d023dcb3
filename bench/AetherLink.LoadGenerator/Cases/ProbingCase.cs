using System.Diagnostics;
using System.Text.Json;
using AetherLink.LoadGenerator.Measuring;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>
/// How late the healer begins its looks at 10,000 targets every 30 s when every fifth of them is a black hole: by its own measure,
/// <c>auto_heal_probe_drift</c>. A quick run has fewer, as much more often.
/// </summary>
internal sealed class ProbingCase : ICase
{
    private const double PromisedMilliseconds = 500;
    private const string Drift = "auto_heal_probe_drift_seconds";

    /// <summary>Looks that begin in a second, in a quick run as in a whole one.</summary>
    private const int PerSecond = 10_000 / 30;

    public string Name => "probing";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var (targets, interval) = bench.Quick ? (3 * PerSecond, TimeSpan.FromSeconds(3)) : (10_000, TimeSpan.FromSeconds(30));
        await using var probed = await Probed.StartAsync(cancellationToken);
        await using var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken);
        var with = await MeasureAsync(bench, postgres, probed, targets, interval, every: 5, cancellationToken);
        var without = await MeasureAsync(bench, postgres, probed, targets, interval, every: int.MaxValue, cancellationToken);
        var (p50, p99) = (Milliseconds(with.Drift, 50), Milliseconds(with.Drift, 99));
        var wanted = targets / interval.TotalSeconds * with.Took.TotalSeconds;
        return
        [
            new(Row.Text($"{targets:n0} targets every {interval.TotalSeconds:0} s, a fifth black-holed: start drift p50 / p99"),
                Row.Text($"{p50:0.0} / {p99:0.0} ms, {with.Drift.Count:n0} looks"),
                Row.Text($"p99 < {PromisedMilliseconds:0} ms"), p99 < PromisedMilliseconds && with.Drift.Count >= 0.9 * wanted,
                Row.Text($"without them {Milliseconds(without.Drift, 50):0.0} / {Milliseconds(without.Drift, 99):0.0} ms"), p99 / Milliseconds(without.Drift, 99)),
            new("  processor of auto-heal meanwhile", Row.Text($"{with.Busy:0} % of one"), "", null, Row.Text($"without them {without.Busy:0} %"), with.Busy / without.Busy),
            with.Memory,
        ];
    }

    private sealed record Probing(ScrapedHistogram Drift, TimeSpan Took, double Busy, Row Memory);

    private static double Milliseconds(ScrapedHistogram drift, double percent) => 1_000 * drift.Percentile(percent);

    private static async Task<Probing> MeasureAsync(
        Bench bench, PostgresServer postgres, Probed probed, int targets, TimeSpan interval, int every, CancellationToken cancellationToken)
    {
        await using var service = await Service.AutoHealAsync(bench, postgres, new()
        {
            // So many do not go into an environment variable.
            ["ASPNETCORE_CONTENTROOT"] = Settings(bench, probed, targets, every),
            ["AUTOHEAL_INTERVAL_SECONDS"] = Row.Text($"{interval.TotalSeconds}"),
            ["AUTOHEAL_MODE"] = "observe",
            ["DOCKER_HOST"] = $"unix://{bench.Folder}/no-engine.sock",
            ["services__mesh-control__http__0"] = probed.Control.ToString(),
        }, cancellationToken);
        using var client = new HttpClient { BaseAddress = new($"http://{service.Address}") };
        async Task<ScrapedHistogram> ScrapeAsync() => ScrapedHistogram.Parse(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken), Drift);

        // Each once, so that what hangs is known to; and the second time as it goes on for ever.
        await Task.Delay(interval + TimeSpan.FromSeconds(2), cancellationToken);
        var (before, cpu, started) = (await ScrapeAsync(), CpuUse.Of(service.ProcessId), Stopwatch.GetTimestamp());
        await Task.Delay(interval, cancellationToken);
        var took = Stopwatch.GetElapsedTime(started);
        var busy = 100 * ((CpuUse.Of(service.ProcessId) - cpu) / took);
        return new((await ScrapeAsync()).Since(before), took, busy, Cases.Memory.Row(Row.Text($"{targets:n0} targets"), service, "auto-heal"));
    }

    /// <returns>A folder with the settings of the service.</returns>
    private static string Settings(Bench bench, Probed probed, int targets, int every)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bench.Folder, $"probing-{Path.GetRandomFileName()[..6]}")).FullName;
        var addresses = Enumerable.Range(0, targets).ToDictionary(
            target => Row.Text($"t{target}"), target => (target % every == every - 1 ? probed.Hole(target) : probed.Well(target)).ToString());
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["AUTOHEAL_SERVICES"] = JsonSerializer.Serialize(addresses.Keys),
            ["AUTOHEAL_HEALTH_ENDPOINTS"] = JsonSerializer.Serialize(addresses),
        }));
        return folder;
    }
}
