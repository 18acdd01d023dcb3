namespace AetherLink.Tests.Chaos;

/// <summary>How a round went. It keeps what was found wrong, and none of what was right: a soak has many rounds.</summary>
/// <param name="Seed">What chance decided by.</param>
/// <param name="Kills">Processes killed.</param>
/// <param name="Findings">None when the round did not get that far.</param>
/// <param name="Recoveries">From a strike until everybody was served again.</param>
/// <param name="Broken">What was promised and not kept; null when all was.</param>
internal sealed record RoundResult(int Seed, int Kills, Findings? Findings, IReadOnlyList<TimeSpan> Recoveries, string? Broken);
