using AetherLink.LoadGenerator.Measuring;

namespace AetherLink.Tests.Bench;

public sealed class HistogramTests
{
    [Fact]
    public void Histogram_is_within_a_hundredth_of_the_sorted_values_at_every_percentile()
    {
        var random = new Random(20_261_121);
        foreach (var range in (long[])[100, 10_000, 50_000_000, 3_600_000_000_000])
        {
            var histogram = new Histogram();
            var values = Enumerable.Range(0, 5_000).Select(_ => random.NextInt64(range)).Order().ToArray();
            Array.ForEach(values, histogram.Record);

            foreach (var percent in (double[])[0, 1, 50, 90, 95, 99, 99.9, 100])
            {
                var exact = values[Math.Max(0, (int)Math.Ceiling(percent / 100 * values.Length) - 1)];
                Assert.InRange(histogram.Percentile(percent), exact, exact * 1.01);
            }
        }
    }

    [Fact]
    public void Histogram_counts_every_long_at_an_index_whose_range_holds_it()
    {
        long[] edges = [0, 1, 127, 128, 129, 255, 256, 257, 65_535, 65_536, long.MaxValue - 1, long.MaxValue];
        foreach (var value in edges)
        {
            var index = Histogram.IndexOf(value);
            Assert.InRange(value, index == 0 ? 0 : Histogram.HighestOf(index - 1) + 1, Histogram.HighestOf(index));
        }
    }

    [Fact]
    public void Histogram_loses_nothing_when_many_threads_record()
    {
        var histogram = new Histogram();

        Parallel.For(0, 100_000, number => histogram.Record(number));

        Assert.Equal(100_000, histogram.Count);
        Assert.Equal(99_999, histogram.Max);
        Assert.Equal(99_999, histogram.Percentile(100));
    }

    [Fact]
    public void Histogram_answers_zero_when_nothing_was_recorded() => Assert.Equal(0, new Histogram().Percentile(95));

    [Fact]
    public void Histogram_counts_a_negative_value_as_zero()
    {
        var histogram = new Histogram();

        histogram.Record(-5);

        Assert.Equal((1, 0), (histogram.Count, histogram.Percentile(100)));
    }
}
