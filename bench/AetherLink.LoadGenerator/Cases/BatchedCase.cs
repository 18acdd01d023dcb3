using AetherLink.LoadGenerator.Bare;
using AetherLink.LoadGenerator.Load;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>500 events a request: at the promised rate by schedule, and then as fast as it goes.</summary>
internal sealed class BatchedCase : ICase
{
    private const int Promised = 30_000;
    private const int Events = 500;

    /// <summary>Enough that the next batch waits while one is committed; more would only wait longer.</summary>
    private const int Connections = 8;

    /// <summary>
    /// Of the rate, up to the last answer: what is left of the queue at the end takes its time, too, and where it never emptied more of it.
    /// </summary>
    private const double Kept = 0.98;

    public string Name => "batch";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken, bench.IsProfiled);
        LoadResult scheduled, ceiling;
        Row memory;
        await using (var service = await Service.CommandCenterAsync(bench, postgres, cancellationToken))
        {
            var requests = Samples.Batches(service.Address, "/events/publish/batch", Events);
            ReadOnlyMemory<byte> Request(long number) => requests[number % requests.Length];
            var judge = Judges.Says(Row.Text($"\"stored\":{Events},"));
            await WarmingUp.RunAsync(bench, service.ProcessId, (_, time) =>
                ClosedLoop.RunAsync(service.Address, Connections, time, Request, judge, cancellationToken));
            var busy = new Busy(bench, "batch, by schedule", ("command-center", service.ProcessId), ("postgres", postgres.ProcessId));
            scheduled = await OpenLoop.RunAsync(
                service.Address, Connections, (double)Promised / Events, bench.Measured, Request, judge, cancellationToken);
            busy.Tell(Events * scheduled.Good);
            var statements = await Statements.CountAsync(bench, postgres, cancellationToken);
            busy = new Busy(bench, "batch, ceiling", ("command-center", service.ProcessId), ("postgres", postgres.ProcessId));
            ceiling = await ClosedLoop.RunAsync(service.Address, Connections, bench.Measured, Request, judge, cancellationToken);
            busy.Tell(Events * ceiling.Good);
            await statements.TellAsync(Events * ceiling.Good, cancellationToken);
            memory = Memory.Row("publish batched", service);
        }
        var bare = await BareAsync(bench, cancellationToken);
        await using var connection = await postgres.OpenAsync(cancellationToken);
        var inserts = await InsertLoop.RunAsync(connection, Events, bench.Measured / 2, cancellationToken);
        var perSecond = Events * ceiling.PerSecond;
        return
        [
            new("publish batched, events/s committed", Row.Text($"{perSecond:n0}/s"), Row.Text($"{Promised:n0}/s"),
                perSecond >= Promised && ceiling.Bad == 0, Row.Text($"insert loop {inserts:n0}/s"), perSecond / inserts),
            new(Row.Text($"  at {Promised:n0}/s by schedule, acknowledged p50 / p99"),
                Row.Text($"{scheduled.Milliseconds(50):0} / {scheduled.Milliseconds(99):0} ms, {Events * scheduled.PerSecond:n0}/s, {scheduled.Bad} bad"),
                Row.Text($"none bad, {Kept * Promised:n0}/s"), scheduled.Bad == 0 && scheduled.PerSecond * Events >= Kept * Promised,
                Row.Text($"Kestrel {bare.Milliseconds(50):0.0} / {bare.Milliseconds(99):0.0} ms"), scheduled.Milliseconds(99) / bare.Milliseconds(99)),
            memory,
        ];
    }

    /// <summary>The same requests by the same schedule, to a server that reads them and does nothing.</summary>
    private static async Task<LoadResult> BareAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var bare = await BareServer.StartAsync();
        var requests = Samples.Batches(bare.Address, "/json", Events);
        ReadOnlyMemory<byte> Request(long number) => requests[number % requests.Length];
        await ClosedLoop.RunAsync(bare.Address, Connections, bench.WarmUp / 2, Request, Judges.Ok, cancellationToken);
        return await OpenLoop.RunAsync(
            bare.Address, Connections, (double)Promised / Events, bench.Measured / 2, Request, Judges.Ok, cancellationToken);
    }
}
