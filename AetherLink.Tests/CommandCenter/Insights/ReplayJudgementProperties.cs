using AetherLink.CommandCenter.Failures;
using AetherLink.CommandCenter.Insights.Replays;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Insights;

public sealed class ReplayJudgementProperties
{
    /// <summary>What speaks against a replay, each by itself.</summary>
    private static readonly Func<ReplayFacts, int, ReplayFacts>[] Worse =
    [
        (of, _) => of with { IsOn = false },
        (of, _) => of with { HasRecovered = false },
        (of, more) => of with { Cooldown = of.Cooldown + TimeSpan.FromSeconds(more) },
        (of, more) => of with { Age = of.Age + TimeSpan.FromMinutes(more) },
        (of, _) => of with { HasId = false },
        (of, more) => of with { Folded = of.Folded + more },
        (of, _) => of with { IsStillTrue = false },
        (of, more) => of with { FailedReplays = of.FailedReplays + more },
        (of, _) => of with { Cause = FailureCause.Unknown, HasId = false },
    ];

    private static readonly Gen<bool> Either = Gen.Elements(true, false);

    private static readonly Gen<ReplayFacts> Facts =
        from cause in Gen.Elements(Enum.GetValues<FailureCause>())
        from truths in Either.ArrayOf(4)
        from still in Gen.Elements<bool?>(true, false, null)
        from cooldown in Gen.Elements(0, 0, 60)
        from age in Gen.Choose(0, 6_000)
        from folded in Gen.Elements(0, 0, 3)
        from replays in Gen.Choose(0, 3)
        select new ReplayFacts
        {
            Cause = cause,
            IsOn = truths[0],
            HasRecovered = truths[1],
            WasChanged = truths[2],
            HasId = truths[3],
            IsStillTrue = still,
            Cooldown = TimeSpan.FromSeconds(cooldown),
            Age = TimeSpan.FromMinutes(age),
            Folded = folded,
            FailedReplays = replays,
        };

    private static readonly ReplayFacts Best = new() { Cause = FailureCause.EndpointDown, HasRecovered = true, HasId = true };

    [Fact]
    public void Nothing_that_speaks_against_a_replay_makes_it_safer() =>
        Prop.ForAll(Facts.ToArbitrary(), Gen.Choose(0, Worse.Length - 1).ToArbitrary(), Gen.Choose(0, 6_000).ToArbitrary(), (of, which, more) =>
        {
            var (before, after) = (ReplayJudgement.Of(of), ReplayJudgement.Of(Worse[which](of, more)));
            return after.Score <= before.Score && (after.Recommendation is not Recommendation.RetryNow || before.Recommendation is Recommendation.RetryNow);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Score_is_100_less_what_its_terms_cost_and_safe_is_only_what_all_terms_speak_for() => Prop.ForAll(Facts.ToArbitrary(), of =>
    {
        var judged = ReplayJudgement.Of(of);
        Assert.InRange(judged.Score, 0, 100);
        Assert.Equal(100 - judged.Terms.Sum(term => term.Cost), judged.Score, tolerance: 0.051);
        Assert.True(judged.Recommendation is not Recommendation.RetryNow || judged.Terms.All(term => term.Holds));
        Assert.True(judged.Wait is null || judged.Recommendation is Recommendation.WaitUntil);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Worst_costs_everything_and_best_nothing()
    {
        var worst = new ReplayFacts { Cause = FailureCause.Unknown, IsOn = false, Cooldown = TimeSpan.MaxValue, Age = TimeSpan.MaxValue, Folded = 1, IsStillTrue = false, FailedReplays = 9 };

        Assert.Equal((100.0, Recommendation.RetryNow), (ReplayJudgement.Of(Best).Score, ReplayJudgement.Of(Best).Recommendation));
        Assert.Equal(0, ReplayJudgement.Of(worst).Score);
    }

    [Fact]
    public void What_is_wrong_with_the_message_itself_is_not_sent_again_because_others_get_through() =>
        Assert.Equal(Recommendation.Fix, ReplayJudgement.Of(Best with { Cause = FailureCause.BadRequest }).Recommendation);

    [Fact]
    public void What_was_wrong_with_the_way_is_over_when_others_get_through()
    {
        Assert.Equal(Recommendation.RetryNow, ReplayJudgement.Of(Best with { Cause = FailureCause.Credentials }).Recommendation);
        Assert.Equal(Recommendation.Fix, ReplayJudgement.Of(Best with { Cause = FailureCause.Credentials, HasRecovered = false }).Recommendation);
        Assert.Equal(Recommendation.WaitUntil, ReplayJudgement.Of(Best with { Cause = FailureCause.Credentials, HasRecovered = false, WasChanged = true }).Recommendation);
    }

    [Fact]
    public void What_a_chat_may_have_shown_already_is_asked_about() =>
        Assert.Equal(
            (Recommendation.Ask, Recommendation.RetryNow),
            (ReplayJudgement.Of(Best with { Cause = FailureCause.TimedOut, HasId = false }).Recommendation,
             ReplayJudgement.Of(Best with { Cause = FailureCause.RateLimited, HasId = false }).Recommendation));
}
