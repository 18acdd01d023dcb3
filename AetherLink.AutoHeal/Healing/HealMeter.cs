using System.Diagnostics.Metrics;
using AetherLink.AutoHeal.History;

namespace AetherLink.AutoHeal.Healing;

/// <summary>What a dashboard shows of the healer.</summary>
internal sealed class HealMeter
{
    public const string Name = "AetherLink.AutoHeal";

    private readonly Counter<long> _heals;
    private readonly Counter<long> _suppressions;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _outage;

    public HealMeter(IMeterFactory meters, Fleet fleet)
    {
        var meter = meters.Create(Name);
        _heals = meter.CreateCounter<long>("auto_heal_heals", description: "Heals, by target and outcome.");
        _suppressions = meter.CreateCounter<long>("auto_heal_suppressions", description: "Heals held back, by target and reason.");
        _duration = meter.CreateHistogram<double>("auto_heal_duration", "s", "From the decision to the verified end of a heal.");
        _outage = meter.CreateHistogram<double>("auto_heal_outage", "s", "From the first failure to healthy again, healed outages only.");
        meter.CreateObservableGauge(
            "auto_heal_targets",
            () => fleet.State.Targets.Values.Where(target => target.Watched)
                .GroupBy(target => target.Condition)
                .Select(group => new Measurement<int>(group.Count(), Tag("state", group.Key.ToString().ToLowerInvariant()))),
            description: "Targets, by state.");
    }

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
