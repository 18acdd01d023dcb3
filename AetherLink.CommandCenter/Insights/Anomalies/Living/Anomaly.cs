namespace AetherLink.CommandCenter.Insights.Anomalies.Living;

/// <summary>Where an anomaly stands: what it is by itself, and what a person has said of it.</summary>
internal enum AnomalyState
{
    Open,
    Acknowledged,
    Resolved,
    FalsePositive,
}

/// <summary>
/// An unusual stretch of one series that somebody is told of. Its group is the first anomaly of those of a tenant that began near
/// each other (its own id when it is the first); observed and expected are of its largest deviation so far; it has ended when the
/// series was back, whatever a person has said.
/// </summary>
internal sealed record Anomaly(
    Guid Id, Guid GroupId, string TenantId, string Series, AnomalyState State, DateTimeOffset Since, DateTimeOffset LastSeen,
    double Score, double Observed, double Expected, double Deviations, DateTimeOffset? EndedAt, string? TriagedBy, string? Note)
{
    /// <summary>Still to be looked at: the series is not back, and nobody has judged it done.</summary>
    public bool IsCurrent => EndedAt is null && State is (AnomalyState.Open or AnomalyState.Acknowledged);
}
