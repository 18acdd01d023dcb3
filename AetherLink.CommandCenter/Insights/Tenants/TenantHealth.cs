namespace AetherLink.CommandCenter.Insights.Tenants;

/// <summary>What a tenant's health is judged by, over a span of hours; what is open is as of now.</summary>
internal sealed record TenantFigures
{
    public long Events { get; init; }

    /// <summary>Of the events those that are error or critical.</summary>
    public long BadEvents { get; init; }

    public long Alerts { get; init; }

    public long OpenCriticalAlerts { get; init; }

    public long Delivered { get; init; }

    public long FailedAttempts { get; init; }

    public long AiCalls { get; init; }

    public long FailedAiCalls { get; init; }

    public long OpenAnomalies { get; init; }
}

/// <param name="Name">What is judged.</param>
/// <param name="Weight">What it can cost at most; all weights together are 100.</param>
/// <param name="Value">How bad it is, 0 to 1.</param>
/// <param name="Cost">What it costs.</param>
internal sealed record HealthTerm(string Name, int Weight, double Value, double Cost);

/// <param name="Score">100 less what the terms cost.</param>
/// <param name="Terms">The same, term by term.</param>
internal sealed record TenantHealth(double Score, IReadOnlyList<HealthTerm> Terms)
{
    // A fifth of all events is as bad as it gets.
    private const double BadEventsFactor = 5;

    /// <summary>
    /// Each term is 0 when all is well and grows with what is bad, by rates where there is a whole, and towards 1 where there is
    /// none (half at so many): so that nothing that gets worse raises the score.
    /// </summary>
    public static TenantHealth Of(TenantFigures of)
    {
        HealthTerm[] terms =
        [
            Term("open_critical_alerts", 25, Half(of.OpenCriticalAlerts, 1)),
            Term("delivery_failure_rate", 20, Rate(of.FailedAttempts, of.Delivered)),
            Term("ai_failure_rate", 20, Rate(of.FailedAiCalls, of.AiCalls - of.FailedAiCalls)),
            Term("error_events", 15, Math.Min(1, BadEventsFactor * Rate(of.BadEvents, of.Events - of.BadEvents))),
            Term("alerts", 10, Half(of.Alerts, 10)),
            Term("open_anomalies", 10, Half(of.OpenAnomalies, 2)),
        ];
        return new(Math.Round(Math.Max(0, 100 - terms.Sum(term => term.Cost)), 1), terms);
    }

    private static HealthTerm Term(string name, int weight, double value) => new(name, weight, Math.Round(value, 4), weight * value);

    private static double Rate(long bad, long good) => bad <= 0 ? 0 : bad / ((double)bad + Math.Max(0, good));

    private static double Half(long count, double half) => count <= 0 ? 0 : count / (count + half);
}
