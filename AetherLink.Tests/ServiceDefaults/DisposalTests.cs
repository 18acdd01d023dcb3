using System.Runtime.CompilerServices;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class DisposalTests
{
    [Fact]
    public async Task Host_that_was_disposed_is_collected()
    {
        var hosts = new List<WeakReference>();
        for (var i = 0; i < 6; i++)
            hosts.Add(await StartAskAndDisposeAsync());

        // What something holds on to is all six. The newest may stay for a while: pooled connections and timers have them. To look is a
        // collection of all that the run has in memory, and stops every other test meanwhile: seldom, then.
        using var seldom = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var look = 0; look < 60 && hosts.Count(host => host.IsAlive) > 3; look++)
        {
            await seldom.WaitForNextTickAsync();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.InRange(hosts.Count(host => host.IsAlive), 0, 3);
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
