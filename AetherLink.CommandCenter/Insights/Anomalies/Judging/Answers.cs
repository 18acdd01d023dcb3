using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Insights.Anomalies.Living;

namespace AetherLink.CommandCenter.Insights.Anomalies.Judging;

/// <summary>
/// An anomaly as it is shown. Observed and expected are of its largest deviation so far; those with the same group began near
/// each other.
/// </summary>
internal sealed record Incident(
    [property: JsonIgnore] long Sequence, Guid Id, Guid GroupId, string TenantId, string Series, Severity Severity, AnomalyState State,
    double Observed, double Expected, double Deviations, double Score, DateTimeOffset Since, DateTimeOffset LastSeen,
    DateTimeOffset DetectedAt, DateTimeOffset? EndedAt, string? TriagedBy, DateTimeOffset? TriagedAt, string? Note, string Message);

/// <summary>What is unusual now and nobody has judged done, newest first.</summary>
/// <param name="Incidents">A page of them.</param>
/// <param name="Summary">All of them in figures.</param>
/// <param name="DetectedAt">Up to when the series were looked at; null when that never was.</param>
/// <param name="NextCursor">For the next page.</param>
internal sealed record CurrentAnomalies(
    IReadOnlyList<Incident> Incidents, CurrentSummary Summary, DateTimeOffset? DetectedAt, string? NextCursor);

internal sealed record CurrentSummary(
    int Total, int Groups, int Open, int Acknowledged, IReadOnlyDictionary<string, int> BySeverity);

internal sealed record AnomalyHistory(string Status, int Hours, int Count, string? NextCursor, IReadOnlyList<Incident> Incidents);

/// <param name="Status">ok.</param>
/// <param name="Incident">The anomaly.</param>
/// <param name="Group">The others that began near it, the newest fifty.</param>
/// <param name="Points">Of its series around its beginning, as far as they are still kept.</param>
internal sealed record AnomalyDetail(string Status, Incident Incident, IReadOnlyList<Incident> Group, IReadOnlyList<SeriesPoint> Points);

/// <param name="At">The beginning of its bucket of 10 s.</param>
/// <param name="Value">How many in the bucket, or the mean of it in ms.</param>
internal sealed record SeriesPoint(DateTimeOffset At, double Value);

/// <summary>How the anomalies of the last hours came out, by what people have said of them.</summary>
/// <param name="Status">ok.</param>
/// <param name="Hours">The span.</param>
/// <param name="Total">Anomalies that began in it.</param>
/// <param name="ByState">Where they stand.</param>
/// <param name="BySeverity">How bad they were.</param>
/// <param name="Judged">Those that a person has resolved or called false.</param>
/// <param name="FalsePositives">Those that a person has called false.</param>
/// <param name="FalsePositiveRate">In percent of the judged; null when there are none.</param>
/// <param name="ByKind">The same by what the series is of: events, deliveries, ai, services, heals.</param>
internal sealed record AnomalyStats(
    string Status, int Hours, int Total, IReadOnlyDictionary<string, int> ByState, IReadOnlyDictionary<string, int> BySeverity, int Judged,
    int FalsePositives, double? FalsePositiveRate, IReadOnlyDictionary<string, KindStats> ByKind);

internal sealed record KindStats(int Total, int Judged, int FalsePositives);

/// <summary>What a person says of an anomaly: acknowledged, resolved or false_positive, and why.</summary>
internal sealed record TriageBody(string? State, string? Note);

internal sealed record TriageAnswer(string Status, Incident Incident);
