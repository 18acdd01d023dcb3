using AetherLink.CommandCenter.Insights.Causes;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Insights;

public sealed class ChangePointProperties
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Step_is_found_where_it_is_although_one_value_in_five_is_an_outlier() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            var (at, height) = (random.Next(20, 100), 30 + random.Next(1000));
            var values = Enumerable.Range(0, 120).Select(index => random.NextDouble() * 4 + (index >= at ? height : 0)).ToArray();
            // Not next to the step, where nobody could tell one from the other.
            foreach (var outlier in Enumerable.Range(0, 120).Where(index => Math.Abs(index - at) > 5 && index % 5 == seed % 5))
                values[outlier] = random.NextDouble() * 5 * height;

            var found = ChangePoint.Find(values, leastSide: 6, leastRange: 1);

            return found is { Score: > 3 } point && Math.Abs(point.Index - at) <= 5 && point.After > point.Before;
        }));

    [Fact]
    public void Noise_without_a_step_scores_low_but_for_one_in_fifty() =>
        Assert.InRange(
            Enumerable.Range(0, 300).Count(seed =>
            {
                var random = new Random(seed);
                var values = Enumerable.Range(0, 120).Select(_ => random.NextDouble()).ToArray();
                return ChangePoint.Find(values, leastSide: 12, leastRange: 0.1) is { Score: >= 3 };
            }),
            0, 6);

    [Theory]
    [InlineData(new double[] { })]
    [InlineData(new double[] { 1, 1, 1, 9, 9 })]
    public void Series_too_short_for_two_sides_has_none(double[] values) =>
        Assert.Null(ChangePoint.Find(values, leastSide: 3, leastRange: 1));

    [Fact]
    public void Shift_is_told_in_the_ranges_of_the_values_before_it()
    {
        // Quartiles 11 and 13 before: a range of 2.
        var found = ChangePoint.Find([10, 11, 12, 13, 14, 32, 32, 32], leastSide: 3, leastRange: 0.5);

        Assert.Equal(new ChangePoint(5, 12, 32, 10), found);
    }

    [Fact]
    public void Series_that_never_moved_is_measured_by_the_least_range() =>
        Assert.Equal(new ChangePoint(3, 0, 4, 8), ChangePoint.Find([0, 0, 0, 4, 4, 4], leastSide: 2, leastRange: 0.5));
}
