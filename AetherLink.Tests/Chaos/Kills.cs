namespace AetherLink.Tests.Chaos;

/// <summary>How many processes this run has killed. Chaos tests run one after the other.</summary>
internal static class Kills
{
    private static int _count;

    public static int Count => Volatile.Read(ref _count);

    public static void Add() => Interlocked.Increment(ref _count);
}
