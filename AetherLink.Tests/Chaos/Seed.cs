using System.Globalization;

namespace AetherLink.Tests.Chaos;

/// <summary>What chance decides by. Every test prints its own; <c>AETHERLINK_CHAOS_SEED</c> gives it back to repeat a run.</summary>
internal static class Seed
{
    /// <summary>The seed of a test's first round; each further round adds one.</summary>
    public static int First { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("AETHERLINK_CHAOS_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next(1_000_000);

#pragma warning disable CA5394 // Nothing here is a secret: the point of it is that it can be repeated.
    public static TimeSpan NextTime(this Random random, TimeSpan most) => random.NextDouble() * most;
#pragma warning restore CA5394
}
