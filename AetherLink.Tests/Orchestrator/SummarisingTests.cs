using AetherLink.Orchestrator.Local;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.Orchestrator;

public sealed class SummarisingTests
{
    private const string Call = """
        Hi all,
        On Monday we had a call with Northwind Traders about the renewal of their contract. Their operations manager, Ms. Ortega,
        said that the shipping reports are slow at the end of each month. The weather was lovely. We showed the new reports, and
        they liked them. They agreed to renew the contract for two years at $48,000 if the reports are faster by 15 January.
        - Peter will send the revised contract by Friday.
        - Engineering must confirm the date for the faster reports.
        There was some small talk about football.
        Best regards
        Sam
        """;

    [Fact]
    public void Summary_says_what_was_agreed_in_the_order_of_the_text()
    {
        var summary = Summarising.Summarise(Call);

        Assert.Equal(
            "On Monday we had a call with Northwind Traders about the renewal of their contract. "
            + "They agreed to renew the contract for two years at $48,000 if the reports are faster by 15 January. "
            + "Engineering must confirm the date for the faster reports.",
            summary.Summary);
        Assert.Contains("Peter will send the revised contract by Friday.", summary.KeyPoints);
        Assert.DoesNotContain(summary.KeyPoints, p => p.Contains("football", StringComparison.Ordinal) || p.Contains("weather", StringComparison.Ordinal));
    }

    [Fact]
    public void Any_text_gives_the_same_bounded_summary_twice() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            var (first, second) = (Summarising.Summarise(text.Get), Summarising.Summarise(text.Get));

            Assert.Equal((first.Summary, string.Join('|', first.KeyPoints)), (second.Summary, string.Join('|', second.KeyPoints)));
            Assert.InRange(first.Summary.Length, 0, 601);
            Assert.InRange(first.KeyPoints.Count, 0, 5);
            Assert.All(first.KeyPoints, p => Assert.InRange(p.Length, 1, 200));
        }));

    [Fact]
    public void Longest_text_is_summarised_within_its_time()
    {
        var words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu".Split(' ');
        var random = new Random(7);
        var text = string.Concat(Enumerable.Range(0, 2_000).Select(i =>
            $"Item {i} {string.Join(' ', Enumerable.Range(0, 8).Select(_ => words[random.Next(words.Length)]))}. "));
        var started = TimeProvider.System.GetTimestamp();

        var summary = Summarising.Summarise(text[..100_000]);

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(2));
        Assert.Equal(5, summary.KeyPoints.Count);
    }

    [Theory]
    [InlineData("Call with Ann. We agreed on a price. She will sign on Friday. Then we talked about the pilot. It was updated. Notes were sent. Closed.", "summarize-activity")]
    [InlineData("Hi, I'm Jane Doe from Acme Corp, jane@acme.com, +1 555 123 4567, interested in a demo.", "extract-lead")]
    [InlineData("[10:02] Bob: the server is down\n[10:03] Ann: looking into it\n[10:20] Ann: restarted, resolved", "summarize-activity")]
    public void Intent_is_chosen_with_a_confidence(string text, string intent)
    {
        var chosen = IntentClassifying.Classify(text);

        Assert.Equal(intent, chosen.Intent);
        Assert.InRange(chosen.Confidence, 0.5, 1);
    }

    [Theory]
    [InlineData("((((((((((((((((((((((((((((((")]
    [InlineData("+1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("a@a.a.a.a.a.a.a.a.a.a.a.")]
    [InlineData("A A A A A A A A A A A A, ")]
    [InlineData("From: \"")]
    public void Hostile_text_costs_no_more_than_any_other(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 100_000 / piece.Length));
        var started = TimeProvider.System.GetTimestamp();

        LeadExtraction.Extract(text);
        Summarising.Summarise(text);
        IntentClassifying.Classify(text);

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(3), TimeProvider.System.GetElapsedTime(started).ToString());
    }
}
