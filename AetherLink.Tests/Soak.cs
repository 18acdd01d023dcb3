using System.Globalization;

namespace AetherLink.Tests;

/// <summary>
/// The two tiers of what is long: a sample in every run, and the whole where <c>AETHERLINK_SOAK=1</c> asks for it. A smaller
/// number asks for that share of it.
/// </summary>
internal static class Soak
{
    private static readonly double Share =
        double.TryParse(Environment.GetEnvironmentVariable("AETHERLINK_SOAK"), NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
            ? Math.Clamp(share, 0, 1)
            : 0;

    public static bool IsOn => Share > 0;

    /// <summary>The number of the first round: of a soak that is run in pieces, <c>AETHERLINK_SOAK_FIRST</c> says how many were run before.</summary>
    public static int First { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("AETHERLINK_SOAK_FIRST"), NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : 0;

    public static int Rounds(int sample, int soak) => Math.Max(sample, (int)Math.Round(Share * soak));

    public static TimeSpan Time(TimeSpan sample, TimeSpan soak) => IsOn ? soak : sample;
}
