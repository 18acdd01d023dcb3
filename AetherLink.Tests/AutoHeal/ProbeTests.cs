namespace AetherLink.Tests.AutoHeal;

/// <summary>How a service is asked whether it lives.</summary>
public sealed class ProbeTests() : HealerTest("web")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Each_probe_comes_by_a_connection_of_its_own_and_leaves_none_behind()
    {
        await using var healer = await StartAsync();

        await Eventually.True(() => Mesh["web"].Left >= 3, Soon, "three probes came, and left");

        string[] connections = [.. Mesh["web"].Connections];
        Assert.Equal(connections.Length, connections.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Service_that_takes_a_probe_and_never_answers_is_down_by_the_time_out()
    {
        await using var healer = await StartAsync(("AUTOHEAL_FAILURES", "1"), ("AUTOHEAL_CONFIRMATIONS", "0"));
        await healer.WaitForStateAsync("web", "healthy");

        Mesh["web"].Answer = FakeService.Never;

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.EndsWith("/alive did not answer within 2 s.", (string?)heal["reason"], StringComparison.Ordinal);
        Assert.Equal(["restart web"], Mesh.Commands);
    }
}
