namespace AetherLink.AutoHeal.Watching.Containers;

/// <summary>Whether the Docker engine answers, for whoever asks.</summary>
internal sealed class EngineState(TimeProvider clock)
{
    private volatile EngineStatus _status = new("unknown", null, null, 0);

    public EngineStatus Status => _status;

    /// <returns>Whether that is new.</returns>
    public bool Found(int containers)
    {
        var before = _status;
        _status = new EngineStatus("present", before.State == "present" ? before.Since : clock.GetUtcNow(), null, containers);
        return before.State != "present";
    }

    /// <returns>Whether that is new.</returns>
    public bool Lost(bool isHung, string reason)
    {
        var (before, state) = (_status, isHung ? "hung" : "absent");
        _status = new EngineStatus(state, before.State == state ? before.Since : clock.GetUtcNow(), reason, 0);
        return before.State != state;
    }
}

/// <param name="State">present, absent, hung, or unknown until it was asked.</param>
/// <param name="Since">Since when.</param>
/// <param name="Reason">What was met when it was asked.</param>
/// <param name="Containers">Containers that carry the label.</param>
internal sealed record EngineStatus(string State, DateTimeOffset? Since, string? Reason, int Containers);
