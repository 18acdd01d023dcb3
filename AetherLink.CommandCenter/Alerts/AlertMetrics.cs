using System.Diagnostics.Metrics;
using AetherLink.CommandCenter.Alerts.Evaluating;
using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts;

/// <summary>The counters of the alerts.</summary>
internal sealed class AlertMetrics
{
    private readonly Counter<long> _raised;
    private readonly Counter<long> _resolved;
    private readonly Counter<long> _muted;
    private readonly Counter<long> _overflowed;
    private int _windows;
    private int _active;

    public AlertMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AetherLink.CommandCenter");
        _raised = meter.CreateCounter<long>("command_center_alerts_raised", description: "Alerts raised.");
        _resolved = meter.CreateCounter<long>("command_center_alerts_resolved", description: "Alerts resolved.");
        _muted = meter.CreateCounter<long>("command_center_alerts_muted", description: "Alerts that a silence muted.");
        _overflowed = meter.CreateCounter<long>(
            "command_center_alert_groups_overflowed", description: "Events beyond the groups that a rule keeps windows for.");
        meter.CreateObservableGauge("command_center_alert_windows", () => Volatile.Read(ref _windows), description: "Windows in memory.");
        meter.CreateObservableGauge("command_center_alerts_active", () => Volatile.Read(ref _active), description: "Alerts not resolved.");
    }

    public void Changed(AlertChanges changes)
    {
        foreach (var alert in changes.Raised)
        {
            _raised.Add(1, new KeyValuePair<string, object?>("severity", alert.Severity.Name()));
        }
        var resolved = changes.Resolved.Count + changes.Raised.Count(alert => alert.ResolvedAt is not null);
        if (resolved > 0)
        {
            _resolved.Add(resolved);
        }
        if (changes.Mutes.Count > 0)
        {
            _muted.Add(changes.Mutes.Count);
        }
    }

    public void Overflowed(long events) => _overflowed.Add(events);

    public void Report(int windows, int active)
    {
        Volatile.Write(ref _windows, windows);
        Volatile.Write(ref _active, active);
    }
}
