using AetherLink.CommandCenter.Insights.Anomalies.Detecting;

namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>What an operator is told in a month: every fault, and hardly anything else.</summary>
public sealed class SimulatedMonthTests
{
    [Fact]
    public void Every_fault_of_a_month_is_told_and_fewer_than_one_in_twenty_anomalies_is_false()
    {
        var (months, told, isFalse, missed) = (Soak.Rounds(1, 40), 0, 0, new List<string>());
        for (var seed = 1; seed <= months; seed++)
        {
            foreach (var series in SimulatedMonth.Of(seed))
            {
                var anomalies = Anomalies(series);
                told += anomalies.Count;
                isFalse += anomalies.Count(at => !IsOf(series, at));
                if (series.Fault is not null && !anomalies.Exists(at => IsOf(series, at)))
                {
                    missed.Add($"seed {seed}: {series.Fault} at {series.From:u}");
                }
            }
        }

        // Of one month every one. Over many months a few doublings are hardly beyond what the series has shown before.
        Assert.True(missed.Count <= 0.02 * months * SimulatedMonth.Faults, $"missed: {string.Join(", ", missed)}");
        Assert.True(isFalse < 0.05 * told, $"{isFalse} of {told} anomalies were false.");
    }

    // What a fault leaves behind is of the fault for two hours: averages have to forget it.
    private static bool IsOf(SimulatedMonth.Series series, DateTimeOffset at) =>
        series.Fault is not null && at >= series.From && at <= series.To.AddHours(2);

    private static List<DateTimeOffset> Anomalies(SimulatedMonth.Series series)
    {
        var (detector, told, was) = (new SeriesDetector(), new List<DateTimeOffset>(), false);
        foreach (var point in series.Points)
        {
            var isAnomalous = detector.Observe(point.At, point.Value).IsAnomalous;
            if (isAnomalous && !was)
            {
                told.Add(point.At);
            }
            was = isAnomalous;
        }
        return told;
    }
}
