using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>What is to be written in one transaction.</summary>
internal sealed class AlertChanges
{
    /// <summary>New rows; one that has already ended is written so.</summary>
    public HashSet<ActiveAlert> Raised { get; } = [];

    /// <summary>Rows that were there before, and end.</summary>
    public List<ActiveAlert> Resolved { get; } = [];

    /// <summary>Whose silence is another now, or none.</summary>
    public List<ActiveAlert> Silenced { get; } = [];

    public List<(Guid SilenceId, Guid AlertId, DateTimeOffset At)> Mutes { get; } = [];

    public List<(Guid SilenceId, Guid AlertId, DateTimeOffset At)> Unmutes { get; } = [];

    public List<Guid> Announced { get; } = [];

    public List<(Guid SilenceId, DateTimeOffset At)> Ended { get; } = [];

    public List<EventDraft> Events { get; } = [];

    public bool IsEmpty => Raised.Count + Resolved.Count + Silenced.Count + Announced.Count + Ended.Count == 0;
}
