using AetherLink.CommandCenter.Insights.Anomalies.Detecting;

namespace AetherLink.CommandCenter.Insights.Anomalies.Living;

/// <summary>
/// An anomaly's life as a pure function: points of the series open it, make it grow and close it; a person acknowledges it, resolves
/// it or calls it false. What a person has said stands: the series closes only what is still open or acknowledged.
/// </summary>
internal static class AnomalyLife
{
    /// <summary>Anomalies of a tenant that begin within this time of each other are one incident.</summary>
    public static readonly TimeSpan Near = TimeSpan.FromMinutes(5);

    /// <summary>
    /// What a judged point makes of the series' anomaly (null while there is none): the id is for a new one, and those near are
    /// the tenant's of the last minutes, for its group.
    /// </summary>
    public static Anomaly? Observe(
        Anomaly? now, Guid id, (string TenantId, string Series) of, DateTimeOffset at, double value, Detection said, IEnumerable<Anomaly> near)
    {
        if (said.IsSkipped || (now is { EndedAt: not null } && !said.IsAnomalous))
        {
            return now;
        }
        return (now, said.IsAnomalous) switch
        {
            (null or { EndedAt: not null }, true) => Opened(id, of, at, value, said, near),
            ({ EndedAt: null }, true) => Grown(now, at, value, said),
            ({ EndedAt: null }, false) => Ended(now, at),
            _ => now,
        };
    }

    /// <summary>What a person says of it; null where the anomaly's state does not allow it, which is a conflict.</summary>
    public static Anomaly? Triage(Anomaly anomaly, AnomalyState to, string by, string? note)
    {
        var isAllowed = (anomaly.State, to) switch
        {
            (AnomalyState.Open, AnomalyState.Acknowledged) => true,
            (AnomalyState.Open or AnomalyState.Acknowledged, AnomalyState.Resolved) => true,
            // A verdict may come late: also of what has closed itself.
            (not AnomalyState.FalsePositive, AnomalyState.FalsePositive) => true,
            _ => false,
        };
        return isAllowed ? anomaly with { State = to, TriagedBy = by, Note = note ?? anomaly.Note } : null;
    }

    /// <summary>The series has had no points for so long that nobody can say whether it is back.</summary>
    public static Anomaly Silent(Anomaly now, DateTimeOffset at) => Ended(now, at);

    private static Anomaly Opened(
        Guid id, (string TenantId, string Series) of, DateTimeOffset at, double value, Detection said, IEnumerable<Anomaly> near)
    {
        var first = near
            .Where(other => other.TenantId == of.TenantId && other.State != AnomalyState.FalsePositive && (at - other.Since).Duration() <= Near)
            .OrderBy(other => other.Since).ThenBy(other => other.Id)
            .FirstOrDefault();
        return new(
            id, first?.GroupId ?? id, of.TenantId, of.Series, AnomalyState.Open, at, at,
            said.Strength, value, said.Expected, said.Deviations, null, null, null);
    }

    private static Anomaly Grown(Anomaly now, DateTimeOffset at, double value, Detection said)
    {
        var seen = now with { LastSeen = said.IsUnusual ? at : now.LastSeen, Score = Math.Max(now.Score, said.Strength) };
        return Math.Abs(said.Deviations) > Math.Abs(now.Deviations)
            ? seen with { Observed = value, Expected = said.Expected, Deviations = said.Deviations }
            : seen;
    }

    private static Anomaly Ended(Anomaly now, DateTimeOffset at) => now with
    {
        EndedAt = at,
        State = now.State is AnomalyState.Open or AnomalyState.Acknowledged ? AnomalyState.Resolved : now.State,
    };
}
