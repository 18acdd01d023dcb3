using System.Globalization;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Insights.Anomalies.Detecting;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;

namespace AetherLink.CommandCenter.Insights.Anomalies.Telling;

/// <summary>How an anomaly is put to people.</summary>
internal static class Wording
{
    /// <summary>
    /// As far off as a point counts at most is an error, less a warning. Never critical: what that is a rule says, which knows
    /// what the series is worth.
    /// </summary>
    public static Severity Severity(double deviations) =>
        Math.Abs(deviations) >= DetectorSettings.MostDeviations ? Events.Severity.Error : Events.Severity.Warning;

    public static string Message(string series, SeriesKind kind, double observed, double expected) =>
        $"{series}: {Number(observed)} {kind.Unit()}, where {Number(Math.Max(0, expected))} is usual.";

    /// <summary>Three figures: a forecast is not better than that.</summary>
    public static double Rounded(double number) =>
        number == 0 || !double.IsFinite(number)
            ? 0
            : double.Parse(number.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Number(double number) => Rounded(number).ToString("0.###", CultureInfo.InvariantCulture);
}
