namespace AetherLink.CommandCenter.Events.Committing;

/// <summary>
/// Which sources have been put down for the hour, so that a commit need not do it again. What stands here was committed; what
/// does not costs a row that is there already.
/// </summary>
internal sealed class KnownSources
{
    /// <summary>A few megabytes. Sources that are more than this are not names of producers.</summary>
    private const int Most = 50_000;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Tenant, string Source)> _known = [];

    private DateTime _hour = DateTime.UnixEpoch;

    /// <summary>For each event whether its source is not known to have been put down for the hour, which is by the database's clock.</summary>
    public (DateTime Hour, bool[] Unknown) Of(IReadOnlyList<EventDraft> events)
    {
        var unknown = new bool[events.Count];
        DateTime hour;
        lock (_lock)
        {
            hour = _hour;
            for (var index = 0; index < unknown.Length; index++)
            {
                unknown[index] = !_known.Contains((events[index].TenantId, events[index].Source));
            }
        }
        return (hour, unknown);
    }

    /// <summary>After the commit: what was written has its source put down for the hour of its arrival.</summary>
    public void Remember(IReadOnlyList<EventDraft> events, IReadOnlyList<Written> written)
    {
        if (written.Count == 0)
        {
            return;
        }
        var at = written[0].ReceivedAt.UtcDateTime;
        var hour = new DateTime(at.Year, at.Month, at.Day, at.Hour, 0, 0, DateTimeKind.Utc);
        lock (_lock)
        {
            if (hour < _hour)
            {
                return;
            }
            if (hour > _hour || _known.Count > Most)
            {
                _known.Clear();
                _hour = hour;
            }
            foreach (var row in written)
            {
                _known.Add((events[row.Index].TenantId, events[row.Index].Source));
            }
        }
    }
}
