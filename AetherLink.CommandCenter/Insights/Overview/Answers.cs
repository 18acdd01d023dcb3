using AetherLink.CommandCenter.Deliveries.Endpoints;

namespace AetherLink.CommandCenter.Insights.Overview;

/// <summary>The last hours in what an operator would look at first. Rates are percentages; null where there was nothing.</summary>
/// <param name="Status">ok.</param>
/// <param name="Hours">The span, from a full hour on.</param>
/// <param name="Deliveries">Attempts to deliver.</param>
/// <param name="Triage">The failed ones by what they were taken for.</param>
/// <param name="TopEndpoints">Those that failed most, at most ten.</param>
/// <param name="TopTenants">Those whose deliveries and AI calls failed most, at most ten.</param>
/// <param name="Replays">What became of what was sent again.</param>
/// <param name="Ai">AI calls.</param>
/// <param name="Alerts">Raised.</param>
/// <param name="Anomalies">What was told, and what people have said of it.</param>
internal sealed record OperatorSummary(
    string Status, int Hours, DeliveryFigures Deliveries, IReadOnlyDictionary<string, long> Triage, IReadOnlyList<FailingEndpoint> TopEndpoints,
    IReadOnlyList<FailingTenant> TopTenants, ReplayFigures Replays, AiCallFigures Ai, long Alerts, AnomalyFigures Anomalies);

internal sealed record DeliveryFigures(long Delivered, long FailedAttempts, long GivenUp, double? SuccessRate);

internal sealed record FailingEndpoint(
    Guid EndpointId, string EndpointUrl, EndpointKind Kind, string? TenantId, bool Enabled, long Delivered, long FailedAttempts, long GivenUp, double? FailureRate,
    DateTimeOffset? FailingSince);

internal sealed record FailingTenant(string TenantId, long Delivered, long FailedAttempts, long AiCalls, long FailedAiCalls);

internal sealed record ReplayFigures(long Delivered, long GivenUp, double? SuccessRate);

internal sealed record AiCallFigures(long Calls, long Failed, double? SuccessRate);

/// <summary>Of the judged, those that a person has called false.</summary>
internal sealed record AnomalyFigures(long Total, long Judged, long FalsePositives, double? FalsePositiveRate);

/// <summary>The last hours, hour by hour, beside as many before them.</summary>
/// <param name="Status">ok.</param>
/// <param name="Hours">The span.</param>
/// <param name="Now">All of the span.</param>
/// <param name="Before">As many hours before it.</param>
/// <param name="ByHour">Each hour of the span, the oldest first.</param>
internal sealed record OperatorTrends(string Status, int Hours, TrendFigures Now, TrendFigures Before, IReadOnlyList<TrendHour> ByHour);

internal sealed record TrendHour(DateTimeOffset Hour, TrendFigures Figures);

internal sealed record TrendFigures
{
    public long Events { get; init; }

    /// <summary>Those that are error or critical.</summary>
    public long BadEvents { get; init; }

    public long Alerts { get; init; }

    public long Anomalies { get; init; }

    public long Heals { get; init; }

    public long Delivered { get; init; }

    public long FailedAttempts { get; init; }

    public long GivenUp { get; init; }

    public long Replays { get; init; }

    public long AiCalls { get; init; }

    public long FailedAiCalls { get; init; }

    public static TrendFigures Sum(IEnumerable<TrendFigures> all) => all.Aggregate(new TrendFigures(), (sum, one) => new()
    {
        Events = sum.Events + one.Events,
        BadEvents = sum.BadEvents + one.BadEvents,
        Alerts = sum.Alerts + one.Alerts,
        Anomalies = sum.Anomalies + one.Anomalies,
        Heals = sum.Heals + one.Heals,
        Delivered = sum.Delivered + one.Delivered,
        FailedAttempts = sum.FailedAttempts + one.FailedAttempts,
        GivenUp = sum.GivenUp + one.GivenUp,
        Replays = sum.Replays + one.Replays,
        AiCalls = sum.AiCalls + one.AiCalls,
        FailedAiCalls = sum.FailedAiCalls + one.FailedAiCalls,
    });
}
