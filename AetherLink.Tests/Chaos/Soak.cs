namespace AetherLink.Tests.Chaos;

/// <summary>The two tiers of what is long: a sample in every run, and the whole where <c>AETHERLINK_SOAK=1</c> asks for it.</summary>
internal static class Soak
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("AETHERLINK_SOAK") == "1";

    public static int Rounds(int sample, int soak) => IsOn ? soak : sample;

    public static TimeSpan Time(TimeSpan sample, TimeSpan soak) => IsOn ? soak : sample;
}
