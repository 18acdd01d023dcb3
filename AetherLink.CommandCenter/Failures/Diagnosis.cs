using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Failures.Answers;

namespace AetherLink.CommandCenter.Failures;

/// <summary>What a failure is, and what to do. Pure: it reads what came, and knows no service but by what it says.</summary>
/// <param name="Cause">What it is.</param>
/// <param name="Recommendation">What to do.</param>
/// <param name="Wait">For how long, of what is to be waited for.</param>
internal sealed record Diagnosis(FailureCause Cause, Recommendation Recommendation, TimeSpan? Wait)
{
    // Where nobody said for how long: windows of limits are mostly a minute, and what is overloaded is to be left alone for a while.
    private static readonly TimeSpan LimitWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Breather = TimeSpan.FromSeconds(30);

    public static Diagnosis Of(Failure failure)
    {
        var found = failure.Status is { } status && failure.Error is AttemptError.Status
            ? AnswerReading.Read(failure, status)
            : TransportMarks.Read(failure);
        var (cause, what) = found;
        var recommendation = what ?? cause.Recommendation();
        if (!cause.Passes() || recommendation is Recommendation.Ask or Recommendation.Fix)
        {
            return new(cause, recommendation, null);
        }
        if (failure.Status is not null && Waiting.Asked(failure) is { } asked && asked > TimeSpan.Zero)
        {
            return new(cause, Recommendation.WaitUntil, asked);
        }
        return recommendation is Recommendation.WaitUntil
            ? new(cause, recommendation, cause is FailureCause.RateLimited ? LimitWindow : Breather)
            : new(cause, recommendation, null);
    }
}

/// <summary>What a sign says: a cause, and a recommendation where it is another than the cause's.</summary>
internal readonly record struct Finding(FailureCause Cause, Recommendation? Recommendation = null)
{
    public static implicit operator Finding(FailureCause cause) => new(cause);
}
