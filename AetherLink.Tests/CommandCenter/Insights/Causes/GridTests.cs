using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.CommandCenter.Insights.Causes.Gathering;

namespace AetherLink.Tests.CommandCenter.Insights.Causes;

#pragma warning disable CA5394 // Nothing here is a secret: the point of it is that it can be repeated.

public sealed class GridTests
{
    private const int FirstId = 1_000;

    /// <summary>So many that a chunk of the memory holds a few buckets only, and one more than it holds; and so few that one holds all.</summary>
    [Theory]
    [InlineData(5_000, 27)]
    [InlineData(40, 400)]
    [InlineData(0, 5)]
    public void Each_measure_has_the_sum_or_the_mean_of_its_series_in_each_bucket(int measures, int buckets)
    {
        var random = new Random(measures);
        // Every second measure is of two series, and in between are series that nobody asks for.
        var kinds = Enumerable.Range(0, measures).Select(index => (MeasureKind)(index % 3)).ToList();
        var series = Enumerable.Range(0, measures).SelectMany(place => Enumerable.Range(0, 1 + (place % 2)).Select(which => (id: FirstId + (3 * place) + which, place))).ToList();
        var stored = Enumerable.Range(0, buckets).Select(bucket => bucket % 5 == 2 || bucket == buckets - 1 ? null : Points(random, series)).ToArray();

        // Twice: what was there before is in the memory that is given out again.
        for (var round = 0; round < 2; round++)
        {
            using var grid = new Grid([.. kinds.Select((kind, place) => new Measure($"node-{place}", kind, "self", "name"))], series, buckets);
            foreach (var bucket in Enumerable.Range(0, buckets).Reverse().Where(bucket => stored[bucket] is not null))
                grid.Add(bucket, PointsFormat.Write([.. stored[bucket]!.Select(point => (point.Key, point.Value))]));

            // The array is the same for all of them.
            var found = grid.Measures().Select(one => one.Values.ToArray()).ToList();

            Assert.Equal(measures, found.Count);
            var idsOf = series.ToLookup(one => one.place, one => one.id);
            for (var place = 0; place < measures; place++)
                Assert.Equal(Expected([.. idsOf[place]], stored, kinds[place]), found[place]);
        }
    }

    [Fact]
    public void Latency_that_nobody_measured_is_no_number_and_a_count_of_nothing_is_none()
    {
        Measure[] measures = [new("a", MeasureKind.Latency, "self", "a"), new("b", MeasureKind.Failures, "self", "b")];
        using var grid = new Grid(measures, [(7, 0), (9, 1)], 4);

        grid.Add(1, PointsFormat.Write([]));

        var found = grid.Measures().Select(one => one.Values.ToArray()).ToList();
        double[] nothing = [double.NaN, double.NaN], none = [double.NaN, 0];
        Assert.Equal(nothing, found[0]);
        Assert.Equal(none, found[1]);
    }

    private static Dictionary<int, double> Points(Random random, List<(int Id, int Place)> series)
    {
        var points = series.Where(_ => random.Next(4) > 0).ToDictionary(one => one.Id, _ => (double)random.Next(1_000));
        // Of series that say nothing of a cause: before the first, between two, and after the last.
        foreach (var other in (int[])[FirstId - 1, FirstId + 2, FirstId + 100_000])
            points[other] = 1;
        return points;
    }

    private static double[] Expected(int[] ids, Dictionary<int, double>?[] stored, MeasureKind kind) =>
    [
        .. stored.SkipLast(1).Select(points =>
        {
            if (points is null)
                return double.NaN;
            var values = ids.Where(points.ContainsKey).Select(id => points[id]).ToList();
            return kind is not MeasureKind.Latency ? values.Sum() : values.Count == 0 ? double.NaN : values.Average();
        }),
    ];
}
