using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Measuring;

/// <summary>The middle and the upper end of a few times, in seconds: so few that each is kept.</summary>
internal readonly record struct Spread(double P50, double P95)
{
    public static Spread Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(time => time.TotalSeconds).Order().ToArray();
        double At(double share) => sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
        return new(At(0.5), At(0.95));
    }

    public override string ToString() => Row.Text($"{P50:0.00} / {P95:0.00} s");
}
