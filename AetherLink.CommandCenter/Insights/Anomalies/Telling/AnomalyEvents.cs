using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.CommandCenter.Insights.Anomalies.Living;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Insights.Anomalies.Telling;

/// <summary>The events that tell of anomalies, made to be written in the transaction that they tell of.</summary>
internal sealed class AnomalyEvents(OwnDrafts drafts)
{
    public EventDraft? Detected(Anomaly anomaly, SeriesKind kind) => Of(EventTypes.OpsAnomalyDetected, anomaly, kind, Wording.Severity(anomaly.Deviations));

    /// <summary>Its series is back, or a person has judged it done: whichever comes first tells it, and the other finds it told.</summary>
    public EventDraft? Resolved(Anomaly anomaly, SeriesKind kind) => Of(EventTypes.OpsAnomalyResolved, anomaly, kind, Severity.Info);

    private EventDraft? Of(string type, Anomaly anomaly, SeriesKind kind, Severity severity)
    {
        var payload = new JsonObject
        {
            ["incident_id"] = anomaly.Id.ToString(),
            ["group_id"] = anomaly.GroupId.ToString(),
            ["series"] = anomaly.Series,
            ["severity"] = Wording.Severity(anomaly.Deviations).Name(),
            ["observed"] = Wording.Rounded(anomaly.Observed),
            ["expected"] = Wording.Rounded(anomaly.Expected),
            ["score"] = Wording.Rounded(anomaly.Score),
            ["since"] = anomaly.Since.UtcDateTime,
            ["message"] = Wording.Message(anomaly.Series, kind, anomaly.Observed, anomaly.Expected),
        };
        // Nobody else can take this key, since no id has a line end in it; nobody can repeat it either.
        return drafts.Make(type, severity, payload, anomaly.TenantId) is { } draft
            ? draft with { DedupeKey = $"{type}\n{anomaly.Id}", BodyHash = 0 }
            : null;
    }
}
