using System.Net.Http.Headers;
using AetherLink.CommandCenter.Deliveries;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class SchedulingProperties
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Delays_are_those_of_the_schedule_with_a_fifth_of_jitter() => Assert.Equal(
        [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
        Enumerable.Range(1, 9).Select(failed => RetrySchedule.After(failed, chance: 0.5)!.Value.TotalSeconds));

    [Fact]
    public void What_ships_waits_fifteen_seconds_for_an_answer_and_tells_one_notification_in_five_minutes() => Assert.Equal(
        (TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(300), 32),
        (new DeliveryOptions().Timeout, new DeliveryOptions().DedupWindow, new DeliveryOptions().EndpointConcurrency));

    [Fact]
    public void Delivery_is_given_up_after_the_tenth_attempt()
    {
        Assert.Null(RetrySchedule.After(10, 0.5));
        Assert.Null(RetrySchedule.After(10, 0.5, TimeSpan.FromSeconds(1)));
        Assert.Equal(10, RetrySchedule.MostAttempts);
    }

    [Fact]
    public void Delay_stays_within_its_jitter_and_no_sooner_than_was_asked_for() => Prop.ForAll<int, double, int>((failed, chance, asked) =>
    {
        var attempt = 1 + (Math.Abs(failed % 9));
        var where = double.IsFinite(chance) ? chance : 0;
        var retryAfter = TimeSpan.FromMinutes(asked);
        var plain = RetrySchedule.After(attempt, where)!.Value;
        var polite = RetrySchedule.After(attempt, where, retryAfter)!.Value;
        var middle = RetrySchedule.Delays[attempt - 1];
        return plain >= middle * 0.8 && plain <= middle * 1.2
            && polite >= plain
            && polite <= TimeSpan.FromHours(24) * 1.2
            && (retryAfter > TimeSpan.FromHours(24) || polite >= retryAfter);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "120", 120)]
    [InlineData(500, "120", null)]
    [InlineData(429, "Sat, 31 Jan 2026 12:01:00 GMT", 60)]
    [InlineData(429, "Sat, 31 Jan 2026 11:00:00 GMT", 0)]
    [InlineData(429, "999999999", 86_400)]
    [InlineData(429, "Tue, 31 Dec 2999 12:01:00 GMT", 86_400)]
    public void Retry_After_is_honoured_within_bounds(int status, string header, int? seconds) =>
        Assert.Equal(seconds, (int?)RetryAfter.Read(status, RetryConditionHeaderValue.Parse(header), Now)?.TotalSeconds);

    [Theory]
    [InlineData(AttemptError.Status, 429, TriageLabel.RateLimited, 95)]
    [InlineData(AttemptError.Status, 500, TriageLabel.TransientEndpointDown, 90)]
    [InlineData(AttemptError.Status, 503, TriageLabel.TransientEndpointDown, 90)]
    [InlineData(AttemptError.ConnectTimeout, null, TriageLabel.TransientEndpointDown, 90)]
    [InlineData(AttemptError.ReadTimeout, null, TriageLabel.TransientEndpointDown, 90)]
    [InlineData(AttemptError.Reset, null, TriageLabel.TransientEndpointDown, 90)]
    [InlineData(AttemptError.Dns, null, TriageLabel.TransientEndpointDown, 90)]
    [InlineData(AttemptError.Status, 404, TriageLabel.Permanent4xx, 85)]
    [InlineData(AttemptError.Status, 410, TriageLabel.Permanent4xx, 85)]
    [InlineData(AttemptError.Status, 302, TriageLabel.Unknown, 60)]
    [InlineData(AttemptError.Tls, null, TriageLabel.Unknown, 55)]
    [InlineData(AttemptError.Protocol, null, TriageLabel.Unknown, 50)]
    public void Triage_is_the_first_that_matches(object error, int? status, object label, int score)
    {
        var triage = Triage.Of((AttemptError)error, status)!;
        Assert.Equal(((TriageLabel)label, score), (triage.Label, triage.Score));
    }

    [Fact]
    public void Every_failure_has_a_triage_with_a_score_of_its_label_and_success_has_none() => Prop.ForAll(
        (from error in Gen.Elements(Enum.GetValues<AttemptError>()) from status in Gen.Choose(100, 999) select (error, status)).ToArbitrary(),
        given =>
        {
            var triage = Triage.Of(given.error, given.error is AttemptError.Status ? given.status : null);
            return given.error is AttemptError.None
                ? triage is null
                : triage is not null && triage.Label switch
                {
                    TriageLabel.RateLimited => triage.Score == 95 && given.status == 429,
                    TriageLabel.TransientEndpointDown => triage.Score == 90 && Triage.IsSafeToReplay(triage.Label),
                    TriageLabel.Permanent4xx => triage.Score == 85 && given.status is >= 400 and < 500 and not 429,
                    _ => triage.Score is >= 50 and <= 60 && !Triage.IsSafeToReplay(triage.Label),
                };
        }).QuickCheckThrowOnFailure();
}
