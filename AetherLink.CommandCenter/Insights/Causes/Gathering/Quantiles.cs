namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

internal static class Quantiles
{
    /// <summary>Of values in order; between the two that it falls between.</summary>
    public static double Of(ReadOnlySpan<double> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var (below, above) = ((int)Math.Floor(place), (int)Math.Ceiling(place));
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
