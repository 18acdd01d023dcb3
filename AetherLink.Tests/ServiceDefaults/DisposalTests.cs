using System.Runtime.CompilerServices;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class DisposalTests
{
    [Fact]
    public async Task Host_that_was_disposed_is_collected()
    {
        // The newest may stay for a while: pooled connections and timers of its last second hold it.
        var hosts = new List<WeakReference>();
        for (var i = 0; i < 6; i++)
            hosts.Add(await StartAskAndDisposeAsync());

        await Eventually.True(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return hosts.Count(host => host.IsAlive) <= 1;
            },
            TimeSpan.FromSeconds(20),
            "no more than one of the six disposed hosts is still in memory");
    }

    // Apart, so that no variable of the test's own keeps the host alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> StartAskAndDisposeAsync()
    {
        await using var app = await ToyApp.StartAsync();
        using var answer = await app.SendAsync("/ping");
        Assert.True(answer.IsSuccessStatusCode);
        return new(app.Services);
    }
}
