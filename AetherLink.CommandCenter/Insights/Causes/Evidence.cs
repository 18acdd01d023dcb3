namespace AetherLink.CommandCenter.Insights.Causes;

/// <summary>What kind of thing was seen at a node, from the gravest.</summary>
internal enum EvidenceKind
{
    /// <summary>It does not answer at all: its process has ended, or connections are refused.</summary>
    Down,

    /// <summary>It takes requests and does not answer them in time.</summary>
    Stalled,

    /// <summary>It answers with errors.</summary>
    Erring,

    /// <summary>It answers more slowly than it used to.</summary>
    Slow,

    /// <summary>It sends more than it used to.</summary>
    Burst,

    /// <summary>It was changed: a new version, a restart by hand. No fault by itself.</summary>
    Changed,

    /// <summary>Somebody noticed: an alert was raised, a heal was done. No fault by itself.</summary>
    Noticed,
}

internal static class EvidenceKinds
{
    public static string Name(this EvidenceKind kind) => kind switch
    {
        EvidenceKind.Down => "down",
        EvidenceKind.Stalled => "stalled",
        EvidenceKind.Erring => "erring",
        EvidenceKind.Slow => "slow",
        EvidenceKind.Burst => "burst",
        EvidenceKind.Changed => "changed",
        _ => "noticed",
    };
}

/// <summary>Something that was seen at one node of the graph.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kind">What it was.</param>
/// <param name="At">Since when.</param>
/// <param name="Strength">How sure it is, more than 0 and at most 1.</param>
/// <param name="Text">A sentence for a person.</param>
/// <param name="Reference">Where it can be looked at: an event's id, a series' name.</param>
internal sealed record Evidence(
    string Node, EvidenceKind Kind, DateTimeOffset At, double Strength, string Text, string? Reference = null)
{
    /// <summary>What this says of a fault of its node: a change, or that somebody noticed, says nothing by itself.</summary>
    public double Weight => Strength * Kind switch
    {
        EvidenceKind.Down => 1.0,
        EvidenceKind.Stalled => 0.9,
        EvidenceKind.Erring => 0.7,
        EvidenceKind.Slow => 0.5,
        EvidenceKind.Burst => 0.5,
        _ => 0.0,
    };
}

/// <summary>A node's fault, by everything that was seen at it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Since">When the first sign of it was seen.</param>
/// <param name="Weight">That of its gravest sign.</param>
/// <param name="Seen">All that was seen, by time; what was changed just before, first.</param>
internal sealed record Symptom(string Node, DateTimeOffset Since, double Weight, IReadOnlyList<Evidence> Seen);

/// <summary>A probable cause, with what it explains.</summary>
/// <param name="Node">Where the fault is.</param>
/// <param name="Score">The share of all that is wrong which it explains: more than 0, at most 1.</param>
/// <param name="Since">When it was first seen.</param>
/// <param name="Seen">What was seen at it.</param>
/// <param name="Paths">
/// How it spread: for each other faulty node that it explains, the nodes on the way, itself first. Each is a dependent of the one
/// before it, each has evidence of its own, and none was faulty before the one that it depends on.
/// </param>
internal sealed record ProbableCause(
    string Node, double Score, DateTimeOffset Since, IReadOnlyList<Evidence> Seen, IReadOnlyList<IReadOnlyList<string>> Paths);
