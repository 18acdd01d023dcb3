using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>Which events, and what of them, a set of rules needs: nothing else is read.</summary>
internal sealed class ReadPlan
{
    public ReadPlan(IReadOnlyCollection<AlertRule> rules, IReadOnlyList<string> paths)
    {
        Paths = paths;
        Types = [.. rules.SelectMany(rule => rule.EventTypeList()).Distinct(StringComparer.Ordinal)];
        Severities = [.. rules.Where(rule => rule.EventType is null)
            .SelectMany(rule => rule.SeverityList() is { Count: > 0 } some ? some : Enum.GetValues<Severity>())
            .Distinct().Select(severity => (short)severity)];
        var extras = Types.Any(type => type.StartsWith(Evaluator.AboutAlerts, StringComparison.Ordinal))
            ? $", case when event_type like '{Evaluator.AboutAlerts}%' then payload ->> 'rule_id' end"
            : ", null::text";
        // Of each event that is read, and not of those that are passed over: a large payload is unpacked for it.
        Columns = "seq, event_type, source, tenant_id, severity, occurred_at, received_at, event_id" + extras
            + string.Concat(paths.Select((_, place) => $", left(payload #>> ${place + FirstPath}, {AlertLimits.GroupLength})"));
    }

    /// <summary>The parameters before are the range and the filter.</summary>
    public const int FirstPath = 6;

    public const string Filter = "(event_type = any ($4) or severity = any ($5))";

    public string Columns { get; }

    public string[] Types { get; }

    /// <summary>Of which severity events of any type are wanted.</summary>
    public short[] Severities { get; }

    public IReadOnlyList<string> Paths { get; }
}
