using System.Globalization;

namespace AetherLink.LoadGenerator.Table;

/// <summary>A line of the table.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Figure">What came out.</param>
/// <param name="Promise">What is promised, if anything is.</param>
/// <param name="Met">Whether it is held.</param>
/// <param name="Baseline">What a bare server did in the same run.</param>
/// <param name="Ratio">The figure by the baseline: this can be compared from day to day.</param>
internal sealed record Row(string Case, string Figure, string Promise = "", bool? Met = null, string Baseline = "", double? Ratio = null)
{
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public string[] Cells =>
    [
        Case, Figure, Promise, Met switch { true => "kept", false => "MISSED", null => "" }, Baseline,
        Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "",
    ];
}
