using System.Diagnostics.Metrics;

namespace AetherLink.CommandCenter.Insights.Anomalies;

/// <summary>The counters of the anomalies.</summary>
internal sealed class AnomalyMetrics
{
    private readonly Counter<long> _detected;
    private readonly Counter<long> _resolved;
    private readonly Counter<long> _leftOut;
    private int _series;
    private int _open;

    public AnomalyMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AetherLink.CommandCenter");
        _detected = meter.CreateCounter<long>("command_center_anomalies_detected", description: "Anomalies that were told.");
        _resolved = meter.CreateCounter<long>("command_center_anomalies_ended", description: "Anomalies whose series was back.");
        _leftOut = meter.CreateCounter<long>(
            "command_center_series_left_out", description: "Points of series beyond those that are watched.");
        meter.CreateObservableGauge("command_center_series", () => Volatile.Read(ref _series), description: "Series that are watched here.");
        meter.CreateObservableGauge("command_center_anomalies_open", () => Volatile.Read(ref _open), description: "Series that are unusual now.");
    }

    public void Changed(int detected, int resolved, long leftOut)
    {
        if (detected > 0)
        {
            _detected.Add(detected);
        }
        if (resolved > 0)
        {
            _resolved.Add(resolved);
        }
        if (leftOut > 0)
        {
            _leftOut.Add(leftOut);
        }
    }

    public void Report(int series, int open)
    {
        Volatile.Write(ref _series, series);
        Volatile.Write(ref _open, open);
    }
}
