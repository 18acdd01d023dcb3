using Npgsql;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>Events that a rule did not count for want of windows: adds them to the rule, and tells of it once for a rule and tenant.</summary>
internal sealed class Overflows(AlertEvents events, AlertMetrics metrics, ILogger logger)
{
    private readonly Dictionary<(Guid Rule, string Tenant), long> _known = [];

    /// <summary>What was not counted while windows were refilled after a start was counted by whoever met it first.</summary>
    public void StartWith(Evaluator evaluator)
    {
        _known.Clear();
        foreach (var (rule, tenant, overflow) in evaluator.Overflowed)
        {
            _known[(rule.RuleId, tenant)] = overflow;
        }
    }

    public void AddTo(NpgsqlBatch batch, Evaluator evaluator, DateTimeOffset now, AlertChanges changes)
    {
        var more = new Dictionary<Guid, long>();
        foreach (var (rule, tenant, overflow) in evaluator.Overflowed)
        {
            // A rule that was changed counts from nothing again.
            var isKnown = _known.TryGetValue((rule.RuleId, tenant), out var known) && known <= overflow;
            var growth = overflow - (isKnown ? known : 0);
            if (growth == 0)
            {
                continue;
            }
            _known[(rule.RuleId, tenant)] = overflow;
            more[rule.RuleId] = more.GetValueOrDefault(rule.RuleId) + growth;
            metrics.Overflowed(growth);
            if (!isKnown && tenant != RuleWindows.Others)
            {
                Log.TooManyGroups(logger, rule.RuleId, tenant);
                changes.Events.Add(events.Overflowed(rule, tenant, evaluator.QuotaOf(rule).OfATenant, now));
            }
        }
        AlertWriter.SaveOverflow([.. more.Select(one => (one.Key, one.Value))], batch);
    }
}
