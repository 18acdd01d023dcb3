namespace AetherLink.Tests.Chaos;

/// <summary>A service that is killed, and what the mesh says caused it: of the faults of <see cref="CauseRunsTests"/> the one that is in every run.</summary>
[Collection(ChaosCollection.Name)]
public sealed class KilledCauseTests(ChaosMesh mesh)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Killed_service_is_named_as_the_first_cause_of_its_time()
    {
        await mesh.StandUpAsync();
        var from = DateTimeOffset.UtcNow;

        mesh.Kill("orchestrator");

        // The window holds nothing that the tests before have done; until it is as long as a window must be there is no answer.
        await Eventually.True(
            async () => (await mesh.CausesAsync(from, DateTimeOffset.UtcNow)).Nodes().FirstOrDefault() == "orchestrator",
            Soon, "the killed service is the first cause");
        await mesh.StandUpAsync();
    }
}
