using System.Diagnostics;

namespace AetherLink.Tests;

/// <summary>Waits for a condition with a deadline, instead of sleeping for a guess.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    public static Task True(Func<bool> condition, TimeSpan within, string because = "the condition") =>
        True(() => Task.FromResult(condition()), within, because);

    public static async Task True(Func<Task<bool>> condition, TimeSpan within, string because = "the condition")
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > within)
            {
                throw new TimeoutException($"Not true within {within.TotalSeconds} s: {because}.");
            }

            using var timer = new PeriodicTimer(Interval);
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>The first value that is not null.</summary>
    public static async Task<T> NotNull<T>(Func<Task<T?>> probe, TimeSpan within, string because = "a value")
        where T : class
    {
        T? value = null;
        await True(async () => (value = await probe()) is not null, within, because);
        return value!;
    }
}
