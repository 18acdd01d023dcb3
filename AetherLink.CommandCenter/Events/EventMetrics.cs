using System.Diagnostics.Metrics;

namespace AetherLink.CommandCenter.Events;

/// <summary>The counters of the event plane.</summary>
internal sealed class EventMetrics
{
    private readonly Counter<long> _events;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _cutOff;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _commit;

    public EventMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AetherLink.CommandCenter");
        _events = meter.CreateCounter<long>("command_center_events", description: "Events stored.");
        _duplicates = meter.CreateCounter<long>("command_center_event_duplicates", description: "Events that came again.");
        _refused = meter.CreateCounter<long>("command_center_events_refused", description: "Submissions refused by a full queue.");
        _cutOff = meter.CreateCounter<long>("command_center_stream_cut_off", description: "Slow readers that were cut off.");
        _batch = meter.CreateHistogram<int>("command_center_commit_events", description: "Events a commit.");
        _commit = meter.CreateHistogram<double>("command_center_commit_duration", "s", "Duration of a commit.");
    }

    public void Stored(EventDraft draft) => _events.Add(
        1, new("event_type", draft.EventType), new("severity", draft.Severity.Name()));

    public void Duplicate(bool sameBody) => _duplicates.Add(1, new KeyValuePair<string, object?>("body", sameBody ? "same" : "different"));

    public void Refused() => _refused.Add(1);

    public void CutOff() => _cutOff.Add(1);

    public void Committed(int events, TimeSpan duration)
    {
        _batch.Record(events);
        _commit.Record(duration.TotalSeconds);
    }
}
