using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

[Collection(ChaosCollection.Name)]
public sealed class ServiceKilledTests(ChaosMesh mesh, ITestOutputHelper output)
{
    [Fact]
    public Task Every_acknowledged_event_is_stored_once_and_streamed_in_order_when_the_Command_Center_is_killed_under_load() =>
        new Campaign("Command Center killed under load", output, mesh).RunAsync(
            Soak.Rounds(sample: 2, soak: 80), perRound: 8, Faults.Kill("command-center"));

    /// <summary>
    /// The broker takes nothing, so that every audit record of the calls is in the spool's file only when the process dies:
    /// between the answer and the audit's arrival.
    /// </summary>
    [Fact]
    public Task No_AI_call_is_unaudited_when_the_Orchestrator_is_killed_between_answer_and_audit() =>
        new Campaign("Orchestrator killed between answer and audit", output, mesh).RunAsync(
            Soak.Rounds(sample: 1, soak: 80), perRound: 8,
            Faults.AllAtOnce(Faults.BrokerAway(TimeSpan.FromSeconds(2)), Faults.Kill("orchestrator")));

    [Fact]
    public Task Nothing_is_lost_when_everything_is_killed_at_once() =>
        new Campaign("everything killed at once, the broker away", output, mesh).RunAsync(
            Soak.Rounds(sample: 1, soak: 18), perRound: 3,
            Faults.AllAtOnce(
                Faults.Kill("command-center"), Faults.Kill("orchestrator"), Faults.Kill("auto-heal"), Faults.Kill("web"),
                Faults.Kill("postgres"), Faults.BrokerAway(TimeSpan.FromSeconds(3))));

    /// <summary>The whole of it: 40 strikes a round, a second apart, each where chance will have it.</summary>
    [SoakFact("a storm of strikes is the soak's: each of them is in every run by itself")]
    public Task Nothing_is_lost_when_anything_is_struck_at_any_moment() =>
        new Campaign("anything struck at any moment", output, mesh).RunAsync(
            Soak.Rounds(sample: 1, soak: 17), perRound: 1, Faults.Storm(strikes: 40, TimeSpan.FromSeconds(1)));

    [Fact]
    public Task Nothing_is_lost_when_the_Command_Center_is_frozen_for_a_while() =>
        new Campaign("Command Center frozen", output, mesh).RunAsync(
            Soak.Rounds(sample: 1, soak: 10), perRound: 5, Faults.Freeze("command-center", TimeSpan.FromSeconds(3)));
}
