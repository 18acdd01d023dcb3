namespace AetherLink.Tests.Mesh;

[Collection(SharedMesh.Name)]
public sealed class CommandCenterKilledTests(MeshFixture mesh)
{
    [Fact]
    public async Task Every_acknowledged_event_is_there_once_after_the_Command_Center_was_killed_under_load()
    {
        var tenant = $"t-{Guid.NewGuid():N}";
        await using var load = new PublishLoad(() => mesh.Client("command-center", "agent", tenant), tenant);
        load.Start();
        await Eventually.True(() => load.Count >= 200, TimeSpan.FromSeconds(30), "the load has published 200 events");

        mesh.ProcessOf("AetherLink.CommandCenter").Kill();
        var before = load.Count;
        await Eventually.True(() => load.Count >= before + 200, TimeSpan.FromSeconds(60), "the Command Center is back and takes events");
        await load.StopAsync();

        using var reader = mesh.Client("command-center", "operator", tenant);
        var stored = await load.ReadAllAsync(reader);
        Assert.Empty(load.Acknowledged.Except(stored));
        Assert.Equal(stored.Count, stored.Distinct().Count());
    }
}
