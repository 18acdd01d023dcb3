using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

[Collection(ChaosCollection.Name)]
public sealed class ServiceKilledTests(ChaosMesh mesh, ITestOutputHelper output)
{
    [Fact]
    public Task Every_acknowledged_event_is_stored_once_and_streamed_in_order_when_the_Command_Center_is_killed_under_load() =>
        new Campaign("Command Center killed under load", output).RunAsync(
            mesh, Soak.Rounds(sample: 2, soak: 250), Faults.Kill("command-center"));

    /// <summary>
    /// The broker takes nothing, so that every audit record of the calls is in the spool's file only when the process dies:
    /// between the answer and the audit's arrival.
    /// </summary>
    [SoakFact("one answered call of one soak round was not found in the audit, and the cause is not known yet (docs/soak.md)")]
    public Task No_AI_call_is_unaudited_when_the_Orchestrator_is_killed_between_answer_and_audit() =>
        new Campaign("Orchestrator killed between answer and audit", output).RunAsync(
            mesh, Soak.Rounds(sample: 1, soak: 200),
            Faults.AllAtOnce(Faults.BrokerAway(TimeSpan.FromSeconds(2)), Faults.Kill("orchestrator")));

    [Fact]
    public Task Nothing_is_lost_when_everything_is_killed_at_once() =>
        new Campaign("everything killed at once, the broker away", output).RunAsync(
            mesh, Soak.Rounds(sample: 1, soak: 70),
            Faults.AllAtOnce(
                Faults.Kill("command-center"), Faults.Kill("orchestrator"), Faults.Kill("auto-heal"), Faults.Kill("web"),
                Faults.Kill("postgres"), Faults.BrokerAway(TimeSpan.FromSeconds(3))));

    [Fact]
    public Task Nothing_is_lost_when_the_Command_Center_is_frozen_for_a_while() =>
        new Campaign("Command Center frozen", output).RunAsync(
            mesh, Soak.Rounds(sample: 1, soak: 20), Faults.Freeze("command-center", TimeSpan.FromSeconds(3)));
}
