namespace AetherLink.Orchestrator.Routing;

/// <summary>Any number of independent draws out of one, so that a decision can be repeated (Steele, Lea and Flood, SplitMix64).</summary>
internal static class Chance
{
    /// <summary>Above 0, and below 1.</summary>
    public static double Of(ulong draw, int which)
    {
        var z = draw + ((ulong)which + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return ((z >> 12) + 0.5) / (1UL << 52);
    }
}
