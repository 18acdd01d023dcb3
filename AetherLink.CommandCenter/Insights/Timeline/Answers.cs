using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Insights.Timeline;

/// <summary>Services, alerts and heals as they stood at the end of a minute.</summary>
/// <param name="Status">ok.</param>
/// <param name="At">The end of the minute, or now.</param>
/// <param name="Services">By name.</param>
/// <param name="Alerts">Those that were open, the newest first, at most 200.</param>
/// <param name="AlertsBySeverity">All that were open, counted up to 10,000.</param>
/// <param name="AlertsCapped">Whether there were more than were counted.</param>
/// <param name="Heals">What the healer had last done for each service within the hour before.</param>
internal sealed record MeshState(
    string Status, DateTimeOffset At, IReadOnlyList<ServiceState> Services, IReadOnlyList<AlertState> Alerts, IReadOnlyDictionary<string, int> AlertsBySeverity,
    bool AlertsCapped, IReadOnlyList<HealState> Heals);

/// <param name="Name">The service.</param>
/// <param name="Status">up, degraded, down or unknown.</param>
/// <param name="Since">Since when, where that is known.</param>
/// <param name="Error">What was wrong.</param>
internal sealed record ServiceState(string Name, string Status, DateTimeOffset? Since, string? Error);

internal sealed record AlertState(
    Guid AlertId, string RuleName, string TenantId, string? Group, Severity AlertSeverity, DateTimeOffset RaisedAt, bool Acknowledged, bool Silenced);

/// <param name="Service">What it was done for.</param>
/// <param name="State">running, succeeded, failed or suppressed.</param>
/// <param name="Action">What was done.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When that was told.</param>
internal sealed record HealState(string Service, string State, string? Action, string? Reason, DateTimeOffset At);
