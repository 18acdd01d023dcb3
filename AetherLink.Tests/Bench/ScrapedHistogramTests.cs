using AetherLink.LoadGenerator.Measuring;

namespace AetherLink.Tests.Bench;

public sealed class ScrapedHistogramTests
{
    private const string Before =
        """
        # TYPE drift_seconds histogram
        drift_seconds_bucket{scope="a",le="0.1"} 10 1700000000000
        drift_seconds_bucket{scope="a",le="0.5"} 10
        drift_seconds_bucket{scope="a",le="+Inf"} 10
        drift_seconds_sum 1
        other_bucket{le="0.1"} 7
        """;

    private const string After =
        """
        drift_seconds_bucket{scope="a",le="0.1"} 60
        drift_seconds_bucket{scope="a",le="0.5"} 105
        drift_seconds_bucket{scope="a",le="+Inf"} 110
        """;

    [Fact]
    public void Histogram_tells_the_percentiles_of_what_came_between_two_looks()
    {
        var between = ScrapedHistogram.Parse(After, "drift_seconds").Since(ScrapedHistogram.Parse(Before, "drift_seconds"));

        Assert.Equal(100, between.Count);
        Assert.Equal(0.05, between.Percentile(25), 6);
        Assert.Equal(0.1, between.Percentile(50), 6);
        Assert.Equal(0.5, between.Percentile(95), 6);
        Assert.Equal(0.5, between.Percentile(99), 6);
    }

    [Fact]
    public void Histogram_of_nothing_has_no_percentiles() => Assert.Equal(0, ScrapedHistogram.Parse("", "drift_seconds").Percentile(99));

    [Fact]
    public void Spread_of_times_is_their_middle_and_their_upper_end() =>
        Assert.Equal(new Spread(10, 19), Spread.Of(Enumerable.Range(1, 20).Select(second => TimeSpan.FromSeconds(second))));
}
