using System.Diagnostics.Metrics;
using AetherLink.AutoHeal.History;

namespace AetherLink.AutoHeal.Healing;

/// <summary>What a dashboard shows of the healer.</summary>
internal sealed class HealMeter
{
    public const string Name = "AetherLink.AutoHeal";

    /// <summary>Seconds: a detection takes tenths of one, an outage minutes.</summary>
    private static readonly InstrumentAdvice<double> Seconds =
        new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600] };

    private readonly Counter<long> _attempts;
    private readonly Counter<long> _heals;
    private readonly Counter<long> _escalations;
    private readonly Histogram<double> _detection;
    private readonly Counter<long> _suppressions;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _outage;

    public HealMeter(IMeterFactory meters, Fleet fleet)
    {
        var meter = meters.Create(Name);
        _attempts = meter.CreateCounter<long>("auto_heal_attempts", description: "Restarts issued, by target and who wanted them.");
        _escalations = meter.CreateCounter<long>("auto_heal_escalations", description: "Targets that were given up to a person.");
        _detection = meter.CreateHistogram("auto_heal_detection", "s", "From the first failure to the restart issued.", advice: Seconds);
        _heals = meter.CreateCounter<long>("auto_heal_heals", description: "Heals, by target and outcome.");
        _suppressions = meter.CreateCounter<long>("auto_heal_suppressions", description: "Heals held back, by target and reason.");
        _duration = meter.CreateHistogram("auto_heal_duration", "s", "From the decision to the verified end of a heal.", advice: Seconds);
        _outage = meter.CreateHistogram("auto_heal_outage", "s", "From the first failure to healthy again, healed or not.", advice: Seconds);
        meter.CreateObservableGauge(
            "auto_heal_targets",
            () => fleet.State.Targets.Values.Where(target => target.Watched)
                .GroupBy(target => target.Word)
                .Select(group => new Measurement<int>(group.Count(), Tag("state", group.Key))),
            description: "Targets, by state.");
    }

    public void Attempted(Heal heal)
    {
        _attempts.Add(1, Tag("target", heal.Target), Tag("by", heal.RequestedBy is null ? "healer" : "person"));
        if (heal.RequestedBy is null)
            _detection.Record((heal.StartedAt - heal.FailingSince).TotalSeconds, Tag("target", heal.Target));
    }

    public void Escalated(string target) => _escalations.Add(1, Tag("target", target));

    public void Recovered(string target, TimeSpan outage) => _outage.Record(outage.TotalSeconds, Tag("target", target));

    public void Ended(Heal heal)
    {
        var (target, outcome) = (Tag("target", heal.Target), Tag("outcome", heal.Success ? "succeeded" : "failed"));
        _heals.Add(1, target, outcome);
        _duration.Record(heal.DurationMs / 1000, target, outcome);
        if (heal is { Verified: true, FinishedAt: { } finished })
            _outage.Record((finished - heal.FailingSince).TotalSeconds, target);
    }

    public void Suppressed(string target, string reason) => _suppressions.Add(1, Tag("target", target), Tag("reason", reason));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
