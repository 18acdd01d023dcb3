using System.Net;
using AetherLink.LoadGenerator.Bare;
using AetherLink.LoadGenerator.Http;
using AetherLink.LoadGenerator.Load;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>Every list, filter by filter, on a million events.</summary>
internal sealed class QueryCase : ICase
{
    private const int Events = 1_000_000;
    private const double PromisedMilliseconds = 50;

    /// <summary>Of each question: as many people as look at one thing at a time in a large incident.</summary>
    private const double PerSecond = 40;

    /// <summary>
    /// Of the processors: a question that alone would take more is asked more seldom. The p95 is then of the question itself,
    /// and not of the queue before it.
    /// </summary>
    private const double MostBusy = 0.4;

    private const int Connections = 16;

    public string Name => "query";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken);
        await using var service = await Service.CommandCenterAsync(bench, postgres, cancellationToken);
        await MillionEvents.StoreAsync(postgres, Events, cancellationToken);
        var bare = await BareAsync(bench, cancellationToken);
        var rows = new List<Row>();
        foreach (var (name, path) in Questions())
        {
            var (result, rate) = await AskAsync(bench, service.Address, path, cancellationToken);
            var p95 = result.Milliseconds(95);
            rows.Add(new(
                $"list on {Events / 1_000_000} M events: {name}",
                Row.Text($"p95 {p95:0.0} ms at {rate:0.#}/s{(result.Bad == 0 ? "" : Row.Text($", {result.Bad} bad"))}"),
                Row.Text($"p95 < {PromisedMilliseconds:0} ms"), p95 < PromisedMilliseconds && result.Bad == 0,
                Row.Text($"Kestrel {bare:0.0} ms"), p95 / bare));
        }
        return rows;
    }

    private static IEnumerable<(string Name, string Path)> Questions()
    {
        yield return ("/events/recent", "/events/recent");
        yield return ("recent, limit=500", "/events/recent?limit=500");
        yield return ("recent, tenant_id", "/events/recent?tenant_id=tenant-7");
        yield return ("recent, event_type", "/events/recent?event_type=ai.fallback.used");
        yield return ("recent, type and tenant", "/events/recent?event_type=ai.fallback.used&tenant_id=tenant-3");
        yield return ("recent, severity (1 in 1,000)", "/events/recent?severity=critical");
        yield return ("recent, severities (1 in 20)", "/events/recent?severity=error,critical");
        yield return ("recent, severity and tenant", "/events/recent?severity=critical&tenant_id=tenant-0");
        yield return ("recent, source (1 in 50)", "/events/recent?source=source-17");
        yield return ("recent, source of another tenant", "/events/recent?source=source-17&tenant_id=tenant-3");
        yield return ("recent, source of nobody", "/events/recent?source=nobody");
        yield return ("recent, trace_id (5 events)", "/events/recent?trace_id=" + MillionEvents.SomeTrace);
        yield return ("recent, text (10 events)", $"/events/recent?text={MillionEvents.RareWord}");
        yield return ("recent, an hour long ago", $"/events/recent?since={Time(-13)}&until={Time(-12)}");
        yield return ("/events/audit?days=7", "/events/audit?days=7");
        yield return ("/events/stats", "/events/stats");
        yield return ("stats, tenant_id, 168 h", "/events/stats?tenant_id=tenant-7&hours=168");
        yield return ("/ops/events/recent", "/ops/events/recent");
        yield return ("/ops/ai/usage (100,000 calls)", "/ops/ai/usage");
        yield return ("/ops/ai/calls", "/ops/ai/calls");
        yield return ("calls of a tenant by nobody", "/ops/ai/calls?tenant_id=tenant-1&provider=nobody");
        yield return ("/ops/services", "/ops/services");
        yield return ("/ops/health", "/ops/health");
    }

    private static string Time(double hours) => Row.Text($"{DateTime.UtcNow.AddHours(hours):yyyy-MM-ddTHH:mm:ss}Z");

    private static async Task<(LoadResult Result, double PerSecond)> AskAsync(
        Bench bench, IPEndPoint server, string path, CancellationToken cancellationToken)
    {
        var request = RequestBytes.Get(server, path);
        // Alone, one after the other: compiles and caches, and tells how long one takes.
        var warm = await ClosedLoop.RunAsync(server, 1, bench.Measured / 12, _ => request, Judges.Ok, cancellationToken);
        var alone = warm.Good > 0 ? warm.Elapsed.TotalSeconds / warm.Good : warm.Elapsed.TotalSeconds;
        var rate = Math.Min(PerSecond, MostBusy / alone);
        // At least twenty questions, so that there is a p95; at most so long that the run stays within its time.
        var duration = TimeSpan.FromSeconds(Math.Clamp(20 / rate, bench.Measured.TotalSeconds / 4, 10));
        return (await OpenLoop.RunAsync(server, Connections, rate, duration, _ => request, Judges.Ok, cancellationToken), rate);
    }

    private static async Task<double> BareAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var bare = await BareServer.StartAsync();
        return (await AskAsync(bench, bare.Address, "/json", cancellationToken)).Result.Milliseconds(95);
    }
}
