using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Failures;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>What a provider failed by, and what is to be done.</summary>
/// <param name="Provider">Which.</param>
/// <param name="Cause">What the failure is.</param>
/// <param name="Recommendation">What to do, in one word.</param>
/// <param name="WaitSeconds">For how long from then on, of what is to be waited for.</param>
/// <param name="Score">How sure that is, 0 to 100.</param>
/// <param name="Advice">What to do.</param>
internal sealed record AiTriage(
    string? Provider, FailureCause Cause, Recommendation Recommendation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? WaitSeconds, int Score, string Advice)
{
    private const string Failed = "failed";

    // As sure as a delivery's triage is: of what goes over, of what was said plainly, and of what nobody knows.
    private const int Passing = 90;
    private const int Plain = 85;
    private const int Unsure = 50;

    /// <summary>One provider is enough for an answer: the one that needs the least.</summary>
    public static AiTriage? Of(IEnumerable<AiAttempt> attempts) =>
        attempts.Where(attempt => attempt.Outcome == Failed).Select(Of).OrderBy(one => one.Recommendation).FirstOrDefault();

    /// <summary>From the attempts as they are kept.</summary>
    public static AiTriage? OfKept(ReadOnlySpan<byte> attempts) =>
        JsonSerializer.Deserialize(attempts, AiUsageJson.Wire.IReadOnlyListAiAttempt) is { } kept ? Of(kept) : null;

    public static AiTriage Of(AiAttempt attempt)
    {
        var found = Diagnosis.Of(AiFailure.Of(attempt.ErrorClass, attempt.Error));
        var score = found.Cause switch { FailureCause.Unknown => Unsure, var cause when cause.Passes() => Passing, _ => Plain };
        return new(attempt.Provider, found.Cause, found.Recommendation, found.Wait?.TotalSeconds, score, found.Cause.Advice());
    }
}
