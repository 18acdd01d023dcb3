using System.Globalization;

namespace AetherLink.Nab.Files;

/// <summary>One file of a folder in the benchmark's layout: a header, then <c>timestamp,value</c> or <c>timestamp,anomaly_score</c>.</summary>
internal sealed record NabSeries(string Name, DateTime[] Times, double[] Values)
{
    /// <summary>Reads what is there: a row whose value is no number is a missing point, and left out.</summary>
    public static NabSeries Read(string path, string name)
    {
        var (times, values) = (new List<DateTime>(), new List<double>());
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var cells = line.Split(',');
            if (cells.Length >= 2 && TryTime(cells[0], out var time)
                && double.TryParse(cells[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                times.Add(time);
                values.Add(value);
            }
        }
        return new(name, [.. times], [.. values]);
    }

    public static bool TryTime(string text, out DateTime time) => DateTime.TryParse(
        text.Trim().Trim('"'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
