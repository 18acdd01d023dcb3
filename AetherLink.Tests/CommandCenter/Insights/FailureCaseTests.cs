using System.Text.Json;
using AetherLink.CommandCenter.AiUsage;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Failures;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace AetherLink.Tests.CommandCenter.Insights;

public sealed class FailureCaseTests(ITestOutputHelper output)
{
    private const double Goal = 0.97;

    private const double DiscreetGoal = 0.95;

    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<AttemptError> Error = Gen.Elements(Enum.GetValues<AttemptError>());

    private static readonly Gen<string?> Text = Gen.OneOf(
        Gen.Elements<string?>(null, "", "retry_after", "\"retry_after\": 999999999999999999999", "try again in 99999m999999.999999s", "rate limit", "HTTP 4", "HTTP 429", "\0"),
        Gen.Elements(FailureCase.All.Select(one => (string?)one.Json["body"] ?? (string?)one.Json["text"]).ToArray()),
        ArbMap.Default.ArbFor<string>().Generator.Select(text => (string?)text));

    private static readonly Gen<Failure> Any =
        from error in Error
        from status in Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(-1, 1_000).Select(status => (int?)status))
        from text in Text
        from header in Gen.OneOf(Text, Gen.Elements<string?>("-1", "0", "60", "9999999999", "1e300", "NaN", "Tue, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"))
        from isOfAModel in Gen.Elements(true, false)
        select new Failure { Error = error, Status = status, Text = text, Header = _ => header, IsOfAModel = isOfAModel, At = At };

    [Fact]
    public void Failures_of_real_servers_and_libraries_are_known_for_what_they_are()
    {
        var wrong = FailureCase.All.Select(one => (Case: one, Found: one.Diagnose())).Where(pair => !IsRight(pair.Case, pair.Found)).ToList();
        foreach (var (one, found) in wrong)
        {
            output.WriteLine($"{one.From}: {Name(found.Cause)}, {Name(found.Recommendation)} {found.Wait}; it is {one.Is}, {one.Do} {one.WaitSeconds}. {one.Json["status"]}");
        }
        foreach (var file in FailureCase.All.GroupBy(one => one.File))
        {
            var (all, misses) = (file.Count(), wrong.Where(pair => pair.Case.File == file.Key).ToList());
            output.WriteLine($"{file.Key}: {all} cases, {1 - ((double)misses.Count / all):P1} right, {1 - ((double)misses.Count(pair => Name(pair.Found.Recommendation) != pair.Case.Do) / all):P1} in what to do.");
        }
        var right = 1 - ((double)wrong.Count / FailureCase.All.Count);
        output.WriteLine($"{FailureCase.All.Count} cases, {right:P1} right.");

        Assert.True(FailureCase.All.Count >= 200);
        Assert.True(right > Goal, $"{right:P1} right: {string.Join("; ", wrong.Select(pair => pair.Case.From))}");
    }

    /// <summary>A wrong model and a wrong request have one status; what to do is mostly known from that.</summary>
    [Fact]
    public void Most_is_known_of_a_call_without_its_providers_words()
    {
        var calls = FailureCase.All.Where(one => one.IsOfAModel).ToList();
        var wrong = calls.Select(one => (Case: one, Found: one.Diagnose(isDiscreet: true))).Where(pair => Name(pair.Found.Recommendation) != pair.Case.Do).ToList();
        foreach (var (one, found) in wrong)
        {
            output.WriteLine($"{one.File}, {one.From}: {Name(found.Cause)}, {Name(found.Recommendation)}; it is {one.Is}, {one.Do}. {one.Json["status"]} {one.Json["body"] ?? one.Json["text"]}");
        }
        var right = 1 - ((double)wrong.Count / calls.Count);
        output.WriteLine($"{calls.Count} calls, {right:P1} right in what to do.");

        Assert.True(right > DiscreetGoal, $"{right:P1}");
    }

    /// <summary>Whoever writes it, and wherever it is cut off.</summary>
    [Theory]
    [InlineData(403, """{"error":{"errorCode":"NOT_ENOUGH_CREDITS"}}""", FailureCause.QuotaExhausted)]
    [InlineData(403, """{"fault":{"detail":{"reason":"notEnoughCredits"}}}""", FailureCause.QuotaExhausted)]
    [InlineData(403, """{"type":"https://example.com/problems/not-enough-credits","title":"No."}""", FailureCause.QuotaExhausted)]
    [InlineData(403, "<?xml version=\"1.0\"?><Error><Code>NotEnoughCredits</Code></Error>", FailureCause.QuotaExhausted)]
    [InlineData(403, """{"message":"There are not enough credits to do wh""", FailureCause.QuotaExhausted)]
    [InlineData(403, """{"message":"No.","documentation_url":"https://example.com/not-enough-credits"}""", FailureCause.Credentials)]
    [InlineData(400, """{"detail":[{"msg":"Field required","input":{"text":"rate limit exceeded"}}]}""", FailureCause.BadRequest)]
    public void Names_of_errors_are_read_in_whatever_form_and_what_only_repeats_or_points_elsewhere_is_not(int status, string text, object cause) =>
        Assert.Equal((FailureCause)cause, Diagnosis.Of(new() { Error = AttemptError.Status, Status = status, Text = text, At = At }).Cause);

    [Theory]
    [InlineData("Proxy-Status", "edge; error=connection_timeout", 502, FailureCause.TimedOut, null)]
    [InlineData("Proxy-Status", "edge; error=http_request_denied", 502, FailureCause.Blocked, null)]
    [InlineData("WWW-Authenticate", "Bearer error=\"insufficient_scope\"", 400, FailureCause.Credentials, null)]
    [InlineData("Retry-After", "2.5", 429, FailureCause.RateLimited, 3)]
    [InlineData("retry-after-ms", "1200", 429, FailureCause.RateLimited, 2)]
    [InlineData("RateLimit", "\"default\";r=0;t=55", 429, FailureCause.RateLimited, 55)]
    [InlineData("X-RateLimit-Reset", "1769860825000", 429, FailureCause.RateLimited, 25)]
    [InlineData("X-RateLimit-Reset", "2026-01-31T12:00:25Z", 429, FailureCause.RateLimited, 25)]
    public void Headers_that_have_a_standard_or_a_custom_are_read(string name, string value, int status, object cause, int? seconds)
    {
        var found = Diagnosis.Of(new() { Error = AttemptError.Status, Status = status, Header = header => header == name ? value : null, At = At });

        Assert.Equal(((FailureCause)cause, seconds), (found.Cause, (int?)found.Wait?.TotalSeconds));
    }

    [Fact]
    public void Limit_of_which_something_is_left_is_not_waited_for()
    {
        var failure = new Failure
        {
            Error = AttemptError.Status,
            Status = 502,
            Header = name => name switch { "X-RateLimit-Remaining" => "4999", "X-RateLimit-Reset" => "3600", _ => null },
            At = At,
        };

        Assert.Equal(new(FailureCause.EndpointDown, Recommendation.RetryNow, null), Diagnosis.Of(failure));
    }

    [Fact]
    public void Whatever_comes_has_a_diagnosis_and_only_what_is_to_be_waited_for_a_time() => Prop.ForAll(Any.ToArbitrary(), failure =>
    {
        var found = Diagnosis.Of(failure);
        return (found.Wait is null) == (found.Recommendation is not Recommendation.WaitUntil)
            && !(found.Wait < TimeSpan.Zero || found.Wait > RetryAfter.Longest)
            && (found.Recommendation is not Recommendation.RetryNow || found.Cause.Passes() || found.Cause is FailureCause.Ours)
            && found.Cause.Advice().Length > 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whoever_asks_for_longer_is_waited_for_no_shorter() => Prop.ForAll(
        Any.ToArbitrary(), Gen.Choose(0, 200_000).ToArbitrary(), Gen.Choose(0, 200_000).ToArbitrary(), (failure, seconds, more) =>
        {
            var (shorter, longer) = (Asking(failure, seconds), Asking(failure, (long)seconds + more));
            return shorter.Cause != longer.Cause || !(longer.Wait < shorter.Wait);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Knowing_more_of_a_failure_makes_its_triage_no_less_sure_and_no_less_hopeful() => Prop.ForAll(
        Error.ToArbitrary(), Gen.Choose(100, 999).ToArbitrary(), Gen.Elements(Enum.GetValues<FailureCause>()).ToArbitrary(), (error, number, cause) =>
        {
            var status = error is AttemptError.Status ? number : (int?)null;
            var (plain, known) = (Triage.Of(error, status), Triage.Of(error, status, cause));
            return plain is null
                ? known is null
                : known!.Score >= plain.Score && (known.Label == plain.Label || Triage.IsSafeToReplay(known.Label)) && known.Cause == cause;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Call_that_failed_is_judged_by_the_provider_that_needs_least()
    {
        AiAttempt[] attempts =
        [
            new("claude", "failed", """HTTP 401: {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}""", 3) { ErrorClass = "credentials" },
            new("openai", "failed", """HTTP 429: {"error":{"message":"Rate limit reached. Please try again in 1m6s."}}""", 3) { ErrorClass = "rate_limit" },
            new("ollama", "skipped", "its circuit is open", 0) { ErrorClass = "open" },
        ];

        Assert.Equal(
            new AiTriage("openai", FailureCause.RateLimited, Recommendation.WaitUntil, 66, 90, FailureCause.RateLimited.Advice()), AiTriage.Of(attempts));
        Assert.Null(AiTriage.Of([]));
    }

    private static Diagnosis Asking(Failure failure, long seconds) => Diagnosis.Of(failure with
    {
        Header = name => name == "Retry-After" ? seconds.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
    });

    private static bool IsRight(FailureCase one, Diagnosis found) => Name(found.Cause) == one.Is && Name(found.Recommendation) == one.Do
        && (one.WaitSeconds is not { } wait || found.Wait == TimeSpan.FromSeconds(wait));

    private static string Name<T>(T value) => JsonSerializer.Serialize(value).Trim('"');
}
