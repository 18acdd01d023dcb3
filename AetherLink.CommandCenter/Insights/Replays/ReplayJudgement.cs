using AetherLink.CommandCenter.Failures;

namespace AetherLink.CommandCenter.Insights.Replays;

/// <summary>What is known of a delivery that failed, and of its endpoint since.</summary>
internal sealed record ReplayFacts
{
    /// <summary>What its last attempt failed by.</summary>
    public required FailureCause Cause { get; init; }

    /// <summary>The endpoint is switched on, and was not removed.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>It has taken something after this had failed, and has failed at nothing since.</summary>
    public bool HasRecovered { get; init; }

    /// <summary>A person has changed the endpoint after this had failed.</summary>
    public bool WasChanged { get; init; }

    /// <summary>For how long it is still left alone.</summary>
    public TimeSpan Cooldown { get; init; }

    public TimeSpan Age { get; init; }

    /// <summary>Its receiver is told the webhook-id, by which it knows what it has had before.</summary>
    public bool HasId { get; init; }

    /// <summary>Events that were folded into it.</summary>
    public int Folded { get; init; }

    /// <summary>Whether the alert that it tells of is still there; null where it tells of none.</summary>
    public bool? IsStillTrue { get; init; }

    /// <summary>Replays of it that were given up in their turn.</summary>
    public int FailedReplays { get; init; }
}

/// <param name="Name">What is asked.</param>
/// <param name="Holds">Whether it speaks for a replay.</param>
/// <param name="Cost">What it takes from the score.</param>
/// <param name="Why">In words.</param>
internal sealed record ReplayTerm(string Name, bool Holds, double Cost, string Why);

/// <summary>Whether a delivery is safe to send again, and why. Pure.</summary>
/// <param name="Recommendation">retry_now is safe; all others say what it needs first.</param>
/// <param name="Score">100 less what the terms cost.</param>
/// <param name="Wait">For how long, of what is to be waited for, where that is known.</param>
/// <param name="Terms">What was asked.</param>
internal sealed record ReplayJudgement(Recommendation Recommendation, double Score, TimeSpan? Wait, IReadOnlyList<ReplayTerm> Terms)
{
    /// <summary>As long as the schedule of retries is: what is older than that was given up with good reason.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromHours(72);

    /// <summary>What failed again after a second look is not to be tried a third time by itself.</summary>
    private const int MostFailedReplays = 1;

    public static ReplayJudgement Of(ReplayFacts of)
    {
        var isOver = of.HasRecovered && of.Cause.Passes() || of.Cause.IsOfTheWay() && (of.HasRecovered || of.WasChanged);
        // An answer, or none at all, says that nothing was taken; a connection that broke, or a server that did, does not.
        var mayHaveArrived = of.Cause is FailureCause.TimedOut or FailureCause.Unreachable or FailureCause.EndpointDown or FailureCause.Stopped or FailureCause.Unknown;
        var age = of.Age < TimeSpan.Zero ? TimeSpan.Zero : of.Age;
        ReplayTerm[] terms =
        [
            Term("endpoint_on", of.IsOn, 25, "The endpoint is switched on.", "The endpoint is switched off, or was removed."),
            Term("endpoint_recovered", of.HasRecovered, 25, "It has taken deliveries since, and failed at none.", "Nothing has got through to it since."),
            Term("endpoint_not_cooling", of.Cooldown <= TimeSpan.Zero, 5, "It is not cooling down.", "It is cooling down."),
            Term("cause_is_over", isOver, 15, "What it failed by is over.", of.Cause.Advice()),
            Term("arrives_once", of.HasId || !mayHaveArrived, 10,
                of.HasId ? "Its receiver knows it by its webhook-id, if it has had it." : "It was refused: its receiver has not had it.",
                "Its receiver may have had it, and knows no webhook-id: it may be shown twice."),
            new("fresh", age <= Oldest, Math.Round(10 * Math.Min(1, age / Oldest), 1), age <= Oldest ? "It is not too old." : "It is older than three days."),
            Term("not_folded", of.Folded <= 0, 3, "Nothing was folded into it.", "Other events were folded into it, of whose number its body does not tell."),
            Term("still_true", of.IsStillTrue is not false, 3, "What it tells is still so.", "The alert that it tells of is over."),
            Term("not_in_vain", of.FailedReplays <= MostFailedReplays, 4, "It was not sent again in vain.", "It was sent again in vain, more than once."),
        ];
        var score = Math.Round(Math.Max(0, 100 - terms.Sum(term => term.Cost)), 1);
        var recommendation = Decide(of, terms);
        return new(recommendation, score, recommendation is Recommendation.WaitUntil && of.Cooldown > TimeSpan.Zero ? of.Cooldown : null, terms);
    }

    private static Recommendation Decide(ReplayFacts of, ReplayTerm[] terms) => of switch
    {
        { IsOn: false } => Recommendation.Fix,
        // It is of this message: that others get through proves nothing.
        { Cause: FailureCause.BadRequest or FailureCause.TooLong or FailureCause.RefusedContent } => of.WasChanged ? Recommendation.Ask : Recommendation.Fix,
        { Cause: FailureCause.Unknown } => Recommendation.Ask,
        { HasRecovered: false } => of.Cause.Passes() || of.WasChanged ? Recommendation.WaitUntil : Recommendation.Fix,
        _ when of.Cooldown > TimeSpan.Zero => Recommendation.WaitUntil,
        _ => terms.All(term => term.Holds) ? Recommendation.RetryNow : Recommendation.Ask,
    };

    private static ReplayTerm Term(string name, bool holds, double cost, string yes, string no) => new(name, holds, holds ? 0 : cost, holds ? yes : no);
}
