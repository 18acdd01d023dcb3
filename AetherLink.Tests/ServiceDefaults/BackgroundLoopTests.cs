using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class BackgroundLoopTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Body_that_throws_is_started_again_and_the_failure_is_logged()
    {
        using var logs = new LogCapture();
        var runs = 0;
        using var loop = new Loop(logs, _ => ++runs == 1
            ? throw new InvalidOperationException("once")
            : Task.Delay(Timeout.Infinite, _));

        await loop.StartAsync(default);
        await Eventually.True(() => runs == 2, Soon);
        await loop.StopAsync(default);

        Assert.Equal(1020, Assert.Single(logs.Errors).Id.Id);
    }

    [Fact]
    public async Task Body_that_returns_is_done()
    {
        using var logs = new LogCapture();
        var runs = 0;
        using var loop = new Loop(logs, _ =>
        {
            runs++;
            return Task.CompletedTask;
        });

        await loop.StartAsync(default);
        await Eventually.True(() => loop.ExecuteTask is { IsCompletedSuccessfully: true }, Soon);

        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Stop_ends_a_body_that_waits_and_is_no_failure()
    {
        using var logs = new LogCapture();
        var runs = 0;
        using var loop = new Loop(logs, stopping =>
        {
            runs++;
            return Task.Delay(Timeout.Infinite, stopping);
        });

        await loop.StartAsync(default);
        await Eventually.True(() => runs == 1, Soon);
        await loop.StopAsync(default).WaitAsync(Soon);

        Assert.True(loop.ExecuteTask is { IsCompletedSuccessfully: true });
        Assert.Empty(logs.Errors);
    }

    private sealed class Loop(LogCapture logs, Func<CancellationToken, Task> body) : BackgroundLoop(logs.CreateLogger("loop"))
    {
        protected override Task RunAsync(CancellationToken stopping) => body(stopping);
    }
}
