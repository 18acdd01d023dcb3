using System.Net;
using AetherLink.LoadGenerator.Bare;
using AetherLink.LoadGenerator.Load;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>Every list, filter by filter, on a million events and what belongs to them. An answer counts when it holds what was asked for.</summary>
internal sealed class QueryCase : ICase
{
    /// <summary>Of each question: as many people as look at one thing at a time in a large incident.</summary>
    private const double PerSecond = 40;

    /// <summary>
    /// Of the processors: a question that alone would take more is asked more seldom. The p95 is then of the question itself,
    /// and not of the queue before it.
    /// </summary>
    private const double MostBusy = 0.4;

    /// <summary>A walk may end a page early where the machine is busy.</summary>
    private const double MostShort = 0.05;

    private const int Connections = 16;

    public string Name => "query";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken);
        var key = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");
        await using var healer = await Service.AutoHealAsync(bench, postgres, new() { ["MESH_KEY"] = key }, cancellationToken);
        await using var service = await Service.CommandCenterAsync(
            bench, postgres, cancellationToken, new() { ["MESH_KEY"] = key, ["services__auto-heal__http__0"] = $"http://{healer.Address}" });
        await LongHistory.StoreAsync(postgres, service.Address, cancellationToken);
        var bare = await BareAsync(bench, cancellationToken);
        var rows = new List<Row>();
        using var client = new HttpClient { BaseAddress = new Uri($"http://{service.Address}") };
        foreach (var question in Questions.All())
        {
            var server = question.IsHealers ? healer.Address : service.Address;
            var fault = await WholeList.FaultAsync(server, question, cancellationToken);
            var heldUp = await HeldUp.BeginAsync(client, cancellationToken);
            var (result, rate) = await AskAsync(bench, server, question, cancellationToken);
            var (asked, first) = (result.Asked, "");
            if (result.Milliseconds(95) >= question.PromisedMilliseconds)
            {
                // What stalls once for half a second spoils a stretch of a few seconds. A list that is slow is slow again.
                first = Row.Text($", {result.Milliseconds(95):0.0} at first, when {await heldUp.TellAsync(cancellationToken)}");
                (result, rate) = await AskAsync(bench, server, question, cancellationToken);
                asked += result.Asked;
            }
            fault ??= question.Fault;
            var p95 = result.Milliseconds(95);
            // Of the answers that the p95 is of, nearly all must be whole pages.
            var asPromised = fault is null && result.Bad == 0 && question.ShortPages <= MostShort * asked;
            rows.Add(new(
                $"list on 1 M events: {question.Name}",
                Row.Text($"p95 {p95:0.0} ms at {rate:0.#}/s{first}{Short(question)}{(fault is null && result.Bad == 0 ? "" : Row.Text($", {result.Bad} bad: {fault}"))}"),
                Row.Text($"p95 < {question.PromisedMilliseconds:0} ms"), p95 < question.PromisedMilliseconds && asPromised,
                Row.Text($"Kestrel {bare:0.0} ms"), p95 / bare));
            bench.Explain(Row.Text($"{question.Name}: {rows[^1].Figure}; {Memory.MostMegabytes(service):0} MB so far"));
        }
        rows.Add(Memory.Row("lists", service));
        return rows;
    }

    private static string Short(Question question) => question.ShortPages == 0 ? "" : Row.Text($", {question.ShortPages} short pages");

    private static async Task<(LoadResult Result, double PerSecond)> AskAsync(
        Bench bench, IPEndPoint server, Question question, CancellationToken cancellationToken)
    {
        var request = question.Request(server);
        // Alone, one after the other: compiles and caches, and tells how long one takes.
        var warm = await ClosedLoop.RunAsync(server, 1, bench.Measured / 12, _ => request, question.Judge, cancellationToken);
        var alone = warm.Good > 0 ? warm.Elapsed.TotalSeconds / warm.Good : warm.Elapsed.TotalSeconds;
        var rate = Math.Min(PerSecond, MostBusy / alone);
        // At least twenty questions, so that there is a p95; at most so long that the run stays within its time.
        var duration = TimeSpan.FromSeconds(Math.Clamp(20 / rate, bench.Measured.TotalSeconds / 4, 10));
        return (await OpenLoop.RunAsync(server, Connections, rate, duration, _ => request, question.Judge, cancellationToken), rate);
    }

    private static async Task<double> BareAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var bare = await BareServer.StartAsync();
        return (await AskAsync(bench, bare.Address, new("bare", "/json", _ => null), cancellationToken)).Result.Milliseconds(95);
    }
}
