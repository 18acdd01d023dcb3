using AetherLink.LoadGenerator.Bare;
using AetherLink.LoadGenerator.Load;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>One event a request, acknowledged after its commit: at the promised rate by schedule, and then as fast as it goes.</summary>
internal sealed class OneByOneCase : ICase
{
    private const int Promised = 8_000;

    /// <summary>Publishers side by side. Each waits for its acknowledgement, so that they bound the size of a commit.</summary>
    private const int Connections = 128;

    public string Name => "publish";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken, bench.IsProfiled);
        LoadResult scheduled, ceiling;
        Row memory;
        await using (var service = await Service.CommandCenterAsync(bench, postgres, cancellationToken))
        {
            var requests = Samples.Requests(service.Address, "/events/publish");
            ReadOnlyMemory<byte> Request(long number) => requests[number % requests.Length];
            var judge = Judges.Says("\"duplicate\":false");
            await WarmingUp.RunAsync(bench, service.ProcessId, (_, time) =>
                ClosedLoop.RunAsync(service.Address, Connections, time, Request, judge, cancellationToken));
            var busy = new Busy(bench, "publish, by schedule", ("command-center", service.ProcessId), ("postgres", postgres.ProcessId));
            scheduled = await OpenLoop.RunAsync(
                service.Address, Connections, Promised, bench.Measured, Request, judge, cancellationToken);
            busy.Tell(scheduled.Good);
            var statements = await Statements.CountAsync(bench, postgres, cancellationToken);
            busy = new Busy(bench, "publish, ceiling", ("command-center", service.ProcessId), ("postgres", postgres.ProcessId));
            ceiling = await ClosedLoop.RunAsync(service.Address, Connections, bench.Measured, Request, judge, cancellationToken);
            busy.Tell(ceiling.Good);
            await statements.TellAsync(ceiling.Good, cancellationToken);
            memory = Memory.Row("publish one by one", service);
        }
        var (bareScheduled, bareCeiling) = await BareAsync(bench, cancellationToken);
        await using var connection = await postgres.OpenAsync(cancellationToken);
        var inserts = await InsertLoop.RunAsync(connection, 1, bench.Measured / 2, cancellationToken);
        return
        [
            new("publish one by one, events/s committed", Row.Text($"{ceiling.PerSecond:n0}/s"), Row.Text($"{Promised:n0}/s"),
                ceiling.PerSecond >= Promised && ceiling.Bad == 0, Row.Text($"insert loop {inserts:n0}/s"), ceiling.PerSecond / inserts),
            new("  the same beside bare HTTP", Row.Text($"{ceiling.PerSecond:n0}/s"), "", null,
                Row.Text($"Kestrel {bareCeiling.PerSecond:n0}/s"), ceiling.PerSecond / bareCeiling.PerSecond),
            new(Row.Text($"  at {Promised:n0}/s by schedule, acknowledged p50 / p99"),
                Row.Text($"{scheduled.Milliseconds(50):0.0} / {scheduled.Milliseconds(99):0.0} ms, {scheduled.Bad} bad"), "none bad",
                scheduled.Bad == 0 && scheduled.PerSecond >= 0.98 * Promised,
                Row.Text($"Kestrel {bareScheduled.Milliseconds(50):0.0} / {bareScheduled.Milliseconds(99):0.0} ms"),
                scheduled.Milliseconds(99) / bareScheduled.Milliseconds(99)),
            memory,
        ];
    }

    private static async Task<(LoadResult Scheduled, LoadResult Ceiling)> BareAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var bare = await BareServer.StartAsync();
        var requests = Samples.Requests(bare.Address, "/json");
        ReadOnlyMemory<byte> Request(long number) => requests[number % requests.Length];
        await ClosedLoop.RunAsync(bare.Address, Connections, bench.WarmUp / 2, Request, Judges.Ok, cancellationToken);
        return (
            await OpenLoop.RunAsync(bare.Address, Connections, Promised, bench.Measured / 2, Request, Judges.Ok, cancellationToken),
            await ClosedLoop.RunAsync(bare.Address, Connections, bench.Measured / 3, Request, Judges.Ok, cancellationToken));
    }
}
