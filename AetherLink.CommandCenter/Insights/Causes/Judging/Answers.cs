namespace AetherLink.CommandCenter.Insights.Causes.Judging;

/// <summary>What probably caused the faults of a window.</summary>
/// <param name="Status">ok, or no_fault_found.</param>
/// <param name="From">The window's beginning.</param>
/// <param name="To">The window's end.</param>
/// <param name="TenantId">Whose evidence was looked at; null for everybody's and the mesh's own.</param>
/// <param name="SeriesUpTo">Up to when the series are counted; what is later shows by events only. Null when they never were.</param>
/// <param name="Count">How many causes.</param>
/// <param name="Causes">The likeliest first, at most five.</param>
/// <param name="Verdicts">What people have said of causes so far.</param>
internal sealed record CausesAnswer(
    string Status, DateTimeOffset From, DateTimeOffset To, string? TenantId, DateTimeOffset? SeriesUpTo, int Count,
    IReadOnlyList<Cause> Causes, VerdictFigures Verdicts);

/// <summary>A probable cause.</summary>
/// <param name="Id">By which a verdict names it: the same for the same node and beginning.</param>
/// <param name="Rank">From 1.</param>
/// <param name="Node">Where the fault is: a service or part of the mesh, provider:NAME, endpoint:ID or tenant:ID.</param>
/// <param name="Score">The share of all that is wrong which it explains.</param>
/// <param name="Since">When it was first seen.</param>
/// <param name="Evidence">What was seen at it, by time.</param>
/// <param name="Spread">How it reached others: for each the steps from the cause to it.</param>
/// <param name="Verdict">What a person has said of it; null while nobody has.</param>
internal sealed record Cause(
    Guid Id, int Rank, string Node, double Score, DateTimeOffset Since, IReadOnlyList<Sign> Evidence,
    IReadOnlyList<IReadOnlyList<Step>> Spread, CauseVerdict? Verdict);

/// <param name="Kind">down, stalled, erring, slow, burst; changed and noticed are no faults by themselves.</param>
/// <param name="At">Since when.</param>
/// <param name="Text">A sentence.</param>
/// <param name="Reference">An event's id, or a series' name.</param>
internal sealed record Sign(string Kind, DateTimeOffset At, string Text, string? Reference);

/// <summary>A node on the way of a fault, with the gravest that was seen there.</summary>
internal sealed record Step(string Node, DateTimeOffset Since, string Kind, string Text, string? Reference);

/// <param name="Verdict">right_cause or wrong_cause.</param>
/// <param name="By">Who said it.</param>
/// <param name="At">When.</param>
/// <param name="Note">Why.</param>
internal sealed record CauseVerdict(string Verdict, string By, DateTimeOffset At, string? Note);

/// <param name="Judged">Causes that a person has said something of.</param>
/// <param name="Wrong">Those called wrong.</param>
/// <param name="WrongRate">In percent of the judged; null when there are none.</param>
internal sealed record VerdictFigures(int Judged, int Wrong, double? WrongRate);

/// <summary>What a person says of a cause.</summary>
internal sealed record VerdictBody(string? Verdict, string? Note);

/// <param name="Status">ok.</param>
/// <param name="Cause">The cause, with the verdict.</param>
internal sealed record VerdictAnswer(string Status, Cause Cause);
