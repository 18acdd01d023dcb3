namespace AetherLink.CommandCenter.Insights.Tenants;

/// <summary>How the tenants fared in the last hours, by name.</summary>
internal sealed record TenantSummary(string Status, int Hours, int Count, string? NextCursor, IReadOnlyList<TenantReport> Tenants);

/// <summary>
/// One tenant. The failure rate is of the attempts to deliver, in percent; null when there were none. The health score is 0 to
/// 100, with the terms that it is made of.
/// </summary>
internal sealed record TenantReport(
    string TenantId, long Events, long Alerts, long Deliveries, double? FailureRate, long AiCalls, decimal AiCostUsd, long OpenAnomalies,
    double HealthScore, IReadOnlyList<HealthTerm> HealthTerms);
