using AetherLink.CommandCenter.Insights.Anomalies.Detecting;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>What holds for the detector whatever it is fed.</summary>
public sealed class SeriesDetectorProperties
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<double> Values = Gen.Frequency(
        (20, Gen.Choose(-1000, 1000).Select(value => value / 7.0)),
        (3, Gen.Elements(0.0, 1e9, -1e9, 1e-9, 5e4)),
        (1, Gen.Elements(double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon)));

    // Mostly a step of some seconds to hours; now and then no time, a late point, or weeks of silence.
    private static readonly Gen<int> Steps = Gen.Frequency(
        (20, Gen.Choose(1, 4000)), (1, Gen.Constant(0)), (2, Gen.Choose(-7200, -1)), (1, Gen.Constant(40 * 86_400)));

    private static readonly Gen<(DateTimeOffset At, double Value)[]> Feeds =
        from size in Gen.Choose(0, 400)
        from values in Values.ArrayOf(size)
        from steps in Steps.ArrayOf(size)
        select values.Select((value, i) => (Start.AddSeconds(steps.Take(i + 1).Sum(step => (double)step)), value)).ToArray();

    [Fact]
    public void Nothing_that_comes_makes_it_throw_or_say_what_is_no_number() => Hold(Feeds, feed =>
    {
        foreach (var said in Run(new(), feed))
        {
            Assert.InRange(said.Raw, 0, 1);
            Assert.InRange(said.Likelihood, 0, 1);
            Assert.True(double.IsFinite(said.Excess) && double.IsFinite(said.Strength) && double.IsFinite(said.Deviations), $"{said}");
            Assert.True(said.IsSkipped || double.IsFinite(said.Expected), $"{said}");
        }
    });

    [Fact]
    public void A_point_is_judged_from_itself_and_those_before_it_alone() => Hold(Feeds, feed =>
        Assert.Equal(Run(new(), feed[..(feed.Length / 2)]), Run(new(), feed)[..(feed.Length / 2)]));

    [Fact]
    public void A_state_that_was_saved_and_loaded_goes_on_as_if_nothing_had_happened() => Hold(Feeds, feed =>
    {
        var half = feed.Length / 2;
        var first = new SeriesDetector();
        Run(first, feed[..half]);
        var saved = first.Save();

        Assert.Equal(SeriesDetector.StateBytes, saved.Length);
        var loaded = SeriesDetector.Load(saved)!;
        Assert.Equal(saved, loaded.Save());
        Assert.Equal(Run(first, feed[half..]), Run(loaded, feed[half..]));
        Assert.Equal(first.Save(), loaded.Save());
    });

    [Fact]
    public void Late_and_missing_points_leave_the_state_of_what_was_learned_as_it_is() => Hold(Feeds, feed =>
    {
        var (with, without) = (new SeriesDetector(), new SeriesDetector());
        var learned = Start;
        foreach (var (at, value) in feed.Where(point => double.IsFinite(point.Value)))
        {
            learned = learned.AddMinutes(1);
            Assert.True(with.Observe(learned.AddDays(-1), value + 7).IsSkipped || learned == Start.AddMinutes(1));
            with.Observe(learned, double.NaN);
            if (learned == Start.AddMinutes(1))
            {
                with = new();
            }
            Assert.Equal(without.Observe(learned, value), with.Observe(learned, value));
        }
    });

    [Fact]
    public void The_unit_and_the_sign_of_a_series_do_not_matter() => Hold(
        from factor in Gen.Elements(-1.0, 1024.0, 1.0 / 4096, -65536.0)
        from seed in Gen.Choose(0, 1_000_000)
        select (factor, seed),
        given =>
        {
            var feed = Wave(given.seed).ToArray();
            var scaled = feed.Select(point => (point.At, point.Value * given.factor)).ToArray();

            Assert.Equal(Run(new(), feed).Select(said => said.Likelihood), Run(new(), scaled).Select(said => said.Likelihood));
        });

    [Fact]
    public void A_clock_that_was_set_back_is_followed_after_ten_points()
    {
        var detector = new SeriesDetector();
        detector.Observe(Start.AddYears(1), 1);

        var said = Enumerable.Range(0, 20).Select(minute => detector.Observe(Start.AddMinutes(minute), 1).IsSkipped).ToList();

        Assert.Equal([.. Enumerable.Repeat(true, 9), .. Enumerable.Repeat(false, 11)], said);
    }

    [Fact]
    public void A_state_of_another_version_or_length_is_learned_anew()
    {
        var saved = new SeriesDetector().Save();
        saved[0]++;

        Assert.Null(SeriesDetector.Load(saved));
        Assert.Null(SeriesDetector.Load(saved.AsMemory(0, 100)));
        Assert.Null(SeriesDetector.Load(default));
    }

    [Fact]
    public void A_hundred_thousand_series_fit_in_600_megabytes_and_a_point_allocates_nothing()
    {
        const int Count = 500;
        var feed = Wave(5).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var detectors = Enumerable.Range(0, Count).Select(_ => new SeriesDetector()).ToArray();
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        Run(detectors[0], feed);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        foreach (var (at, value) in feed)
        {
            detectors[1].Observe(at, value);
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Assert.True(bytes < 6_000, $"{bytes} bytes a series");
        Assert.Equal(0, allocated);
        GC.KeepAlive(detectors);
    }

    [Fact]
    public void A_spike_in_a_quiet_series_is_detected_at_once_and_the_sixteenth_of_its_kind_is_not()
    {
        var (detector, detected) = (new SeriesDetector(), new List<int>());
        for (var i = 0; i < 12_000; i++)
        {
            var value = 100 + Math.Sin(i * 12.9898) + (i >= 2000 && i % 500 == 0 ? 80 : 0);
            if (detector.Observe(Start.AddMinutes(i), value).IsDetected)
            {
                detected.Add(i);
            }
        }

        Assert.Contains(2000, detected);
        Assert.DoesNotContain(detected, i => i >= 9500);
    }

    private static IEnumerable<(DateTimeOffset At, double Value)> Wave(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 600; i++)
        {
            yield return (Start.AddMinutes(5 * i), 50 + (20 * Math.Sin(i / 45.8)) + (3 * random.NextDouble()) + (i == 450 ? 100 : 0));
        }
    }

    private static Detection[] Run(SeriesDetector detector, (DateTimeOffset At, double Value)[] feed) =>
        [.. feed.Select(point => detector.Observe(point.At, point.Value))];

    private static void Hold<T>(Gen<T> given, Action<T> holds) =>
        Prop.ForAll(given.ToArbitrary(), value => holds(value)).Check(Config.QuickThrowOnFailure.WithMaxTest(Soak.Rounds(60, 20_000)));
}
