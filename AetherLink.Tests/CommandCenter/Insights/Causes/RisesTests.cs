using AetherLink.CommandCenter.Insights.Causes;
using AetherLink.CommandCenter.Insights.Causes.Gathering;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Insights.Causes;

#pragma warning disable CA5394 // Nothing here is a secret: the point of it is that it can be repeated.

public sealed class RisesTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Five_failures_where_there_are_never_any_are_a_surge_that_begins_with_the_first()
    {
        double[] values = [.. Enumerable.Repeat(0.0, 60), 0, 3, 2, 0, 0];

        var surge = Surge.Find(values, begin: 60, least: 5);

        Assert.Equal((61, 0.0, 5.0), (surge!.Value.Index, surge.Value.Usual, surge.Value.Most));
    }

    [Fact]
    public void What_fails_as_often_as_ever_is_no_surge() =>
        Assert.Null(Surge.Find([.. Enumerable.Range(0, 100).Select(index => (double)(index % 3))], begin: 60, least: 3));

    [Fact]
    public void Surge_just_before_the_window_is_none_of_it() =>
        Assert.Null(Surge.Find([.. Enumerable.Repeat(0.0, 59), 9_000, 0, 0, 0], begin: 60, least: 5));

    [Fact]
    public void What_was_not_counted_is_nothing_that_failed() =>
        Assert.Null(Surge.Find([.. Enumerable.Repeat(4.0, 60), double.NaN, double.NaN, 4, 4], begin: 60, least: 3));

    /// <summary>Twelve hundred events in ten seconds, of a tenant that has always sent so many.</summary>
    [Theory]
    [InlineData(10, false)]
    [InlineData(60, true)]
    public void Burst_is_told_once_the_mesh_has_counted_for_long_enough_to_know_what_is_usual(int counted, bool isTold)
    {
        var window = new Window(DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch.AddDays(1).AddMinutes(5));
        double[] values =
        [
            .. Enumerable.Range(0, window.Begin).Select(index => index < window.Begin - counted ? double.NaN : 0.0),
            .. Enumerable.Repeat(1_200.0, window.Buckets - window.Begin),
        ];

        var evidence = SeriesEvidence.Of([(new(Nodes.Tenant("a"), MeasureKind.Events, "command-center", "events"), values)], window, "command-center");

        Assert.Equal(isTold, evidence.Any(one => one.Kind is EvidenceKind.Burst));
    }

    [Fact]
    public void Slower_answers_are_dated_by_their_first_bucket_whatever_single_ones_were_before() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            var (begin, onset) = (60, random.Next(60, 80));
            var values = Enumerable.Range(0, 90).Select(index => index >= onset ? 600 + (random.NextDouble() * 800) : 5 + (random.NextDouble() * 10)).ToArray();
            // Some that are missing, and some outliers that do not last.
            for (var index = 1; index < onset - 2; index += random.Next(5, 12))
                values[index] = random.Next(2) == 0 ? double.NaN : 900;

            return Slowing.Find(values, begin) is { } slowing && slowing.Index == onset && slowing.AfterMs >= 600 && slowing.BeforeMs < 20;
        }));

    [Fact]
    public void Ordinary_noise_is_neither() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            var level = 1 + (random.NextDouble() * 500);
            var values = Enumerable.Range(0, 300).Select(_ => level * (0.6 + (0.8 * random.NextDouble()))).ToArray();
            return Slowing.Find(values, begin: 180) is null && Surge.Find(values, begin: 180, least: 1500) is null;
        }));
}
