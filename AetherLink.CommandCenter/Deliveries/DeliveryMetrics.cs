using System.Diagnostics.Metrics;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Scheduling;

namespace AetherLink.CommandCenter.Deliveries;

/// <summary>The meters of the deliveries. No series names an endpoint: its URL is a credential.</summary>
internal sealed class DeliveryMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _enqueued;
    private readonly Counter<long> _folded;

    public DeliveryMetrics(IMeterFactory meters, InFlight inFlight)
    {
        var meter = meters.Create("AetherLink.CommandCenter");
        _attempts = meter.CreateCounter<long>("command_center_delivery_attempts", description: "Attempts to deliver, by what they came to.");
        _duration = meter.CreateHistogram<double>("command_center_delivery_attempt_duration", "s", "Duration of an attempt.");
        _enqueued = meter.CreateCounter<long>("command_center_deliveries_enqueued", description: "Deliveries that were put into the queue.");
        _folded = meter.CreateCounter<long>("command_center_notifications_folded", description: "Alert events that were folded into a notification.");
        meter.CreateObservableGauge("command_center_deliveries_in_flight", () => inFlight.All, description: "Requests under way.");
    }

    public void Attempted(Outcome outcome)
    {
        _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Triage?.Label.Name() ?? "success"));
        _duration.Record(outcome.Duration.TotalSeconds);
    }

    public void Enqueued(int deliveries) => _enqueued.Add(deliveries);

    public void Folded(int events) => _folded.Add(events);
}
