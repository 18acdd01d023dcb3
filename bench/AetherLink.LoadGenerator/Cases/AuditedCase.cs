using AetherLink.LoadGenerator.Bare;
using AetherLink.LoadGenerator.Http;
using AetherLink.LoadGenerator.Load;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>Calls as fast as they are answered, and then what the audit topic holds: a record for each call, and none besides.</summary>
internal sealed class AuditedCase : ICase
{
    private const string Topic = "ai-orchestrator-audit";
    private const int Calls = 100_000;
    private const int QuickCalls = 5_000;

    /// <summary>With the provider's 20 ms some thousand calls a second.</summary>
    private const int Connections = 64;

    public string Name => "audited";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var broker = await Broker.StartAsync(bench, Topic);
        if (broker is null) return [];
        await using var provider = await BareServer.StartProviderAsync();
        await using var service = await Service.OrchestratorAsync(
            bench, new($"http://{provider.Address}/provider"), cancellationToken, new() { ["ConnectionStrings__kafka"] = broker.Address });
        var calls = bench.Quick ? QuickCalls : Calls;
        var request = RequestBytes.Post(service.Address, "/orchestrate", OverheadCase.Body);
        var busy = new Busy(bench, "audited", ("orchestrator", service.ProcessId), ("provider", provider.ProcessId), ("broker", broker.ProcessId));
        var result = await ClosedLoop.RunAsync(
            service.Address, Connections, calls, _ => request, Judges.Says("\"used_provider\":\"summarizer\""), cancellationToken);
        busy.Tell(calls);
        var records = await broker.RecordsAsync(Topic, calls, cancellationToken);
        return
        [
            new(Row.Text($"high watermarks of the audit topic after {calls:n0} calls"), Row.Text($"{records:n0}, made at {result.PerSecond:n0}/s, {result.Bad} bad"),
                Row.Text($"{calls:n0}"), records == calls && result.Bad == 0),
        ];
    }
}
