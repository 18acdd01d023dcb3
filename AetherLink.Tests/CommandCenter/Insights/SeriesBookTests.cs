using AetherLink.CommandCenter.Insights.Anomalies.Detecting;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.CommandCenter.Insights.Anomalies.Living;

namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>What becomes of series bucket by bucket, with time as an argument.</summary>
public sealed class SeriesBookTests
{
    private static readonly long Start = Bucket.Of(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private static readonly SeriesKey Errors = SeriesKey.Events("acme", "lead.created", "error");
    private static readonly SeriesKey Latency = SeriesKey.Latency("acme", "ai/claude");

    /// <summary>A young series takes longer to convince, and a few points are no history: six hours are.</summary>
    private const int History = 2_000;

    private readonly SeriesBook _book = new();
    private long _next = Start;

    [Fact]
    public void Series_that_jumps_raises_one_anomaly_and_ends_it_when_it_is_back()
    {
        var quiet = Close(_book, History, n => 20 + (n * 7 % 5));
        var jump = Close(_book, 30, n => 200 + (n * 7 % 5));
        var back = Close(_book, 100, n => 20 + (n * 7 % 5));

        var raised = jump.Anomalies[Assert.Single(jump.Raised)].Anomaly;
        Assert.Empty(quiet.Raised);
        Assert.Equal(("acme", Errors.Name, AnomalyState.Open), (raised.TenantId, raised.Series, raised.State));
        Assert.InRange(raised.Observed, 200, 204);
        Assert.InRange(raised.Expected, 15, 30);
        Assert.InRange(Bucket.Of(raised.Since) - (Start + History), 0, 12);
        Assert.Empty(back.Raised);
        Assert.Equal(raised.Id, Assert.Single(back.Ended));
        Assert.Equal(AnomalyState.Resolved, back.Anomalies[raised.Id].Anomaly.State);
    }

    [Fact]
    public void Single_events_of_a_kind_that_is_seldom_are_not_told()
    {
        var changes = Close(_book, 20_000, n => n % 4_321 == 0 ? 3 : 0);

        Assert.Empty(changes.Raised);
    }

    [Fact]
    public void Failures_of_what_never_failed_are_told_once_there_are_several()
    {
        var quiet = Close(_book, History, _ => 0);
        var failing = Close(_book, 10, _ => 8);

        Assert.Empty(quiet.Raised);
        Assert.Single(failing.Raised);
    }

    [Fact]
    public void Latency_that_nobody_feels_is_not_told_and_one_that_ends_in_silence_is_over_after_an_hour()
    {
        var other = SeriesKey.Latency("acme", "ai/local");
        var usual = Close(_book, History, n => 4 + (n % 3), Latency);
        var unfelt = Close(_book, 30, _ => 30, Latency);
        var alsoUsual = Close(_book, History, n => 4 + (n % 3), other);
        var slow = Close(_book, 30, _ => 900, other);
        var silent = Close(_book, 370, _ => null, other);

        Assert.Empty((Guid[])[.. usual.Raised, .. unfelt.Raised, .. alsoUsual.Raised]);
        Assert.Equal(Assert.Single(slow.Raised), Assert.Single(silent.Ended));
    }

    [Fact]
    public void Book_that_is_restored_from_what_was_saved_and_the_points_since_says_what_the_other_says()
    {
        double? Rate(int n) => n is >= History and < History + 30 ? 200 : 20 + (n * 7 % 5);
        var saved = new Dictionary<int, (SeriesKey Key, SeriesKind Kind, byte[]? State, long AsOf)>();
        var points = new List<(long Bucket, IReadOnlyList<(int, double)> Points)>();
        for (var n = 0; n < History - 5; n++)
        {
            var changes = Close(_book, 1, _ => Rate(n));
            points.AddRange(changes.Closed);
            changes.Fresh.ForEach(series => saved[series.Id] = (series.Key, series.Kind, null, series.AsOf));
            foreach (var series in changes.ToSave)
            {
                saved[series.Id] = saved[series.Id] with { State = series.Detector.Save(), AsOf = _next };
            }
        }
        Assert.InRange(_next - saved.Values.Single().AsOf, 1, WatchedSeries.SaveEvery - 1);

        var restored = new SeriesBook();
        foreach (var (id, (key, kind, state, asOf)) in saved)
        {
            restored.Restore(new WatchedSeries(id, key, kind, state is null ? new() : SeriesDetector.Load(state)!, asOf) { LastSeen = asOf });
        }
        foreach (var (bucket, closed) in points.Where(one => one.Bucket >= saved.Values.Min(series => series.AsOf)))
        {
            restored.Replay(bucket, PointsFormat.Read(PointsFormat.Write(closed)));
        }
        var at = _next;
        var here = Close(_book, 60, n => Rate(History - 5 + n));
        _next = at;
        var there = Close(restored, 60, n => Rate(History - 5 + n));

        Assert.Equal(
            here.Anomalies.Values.Select(one => one.Anomaly with { Id = default, GroupId = default }),
            there.Anomalies.Values.Select(one => one.Anomaly with { Id = default, GroupId = default }));
        Assert.Single(there.Raised);
    }

    [Fact]
    public void Tenant_has_its_share_of_series_and_the_mesh_always_has_room()
    {
        var changes = new BookChanges();
        var sums = new Sums();
        for (var tenant = 0; tenant < 12; tenant++)
        {
            for (var n = 0; n < SeriesBook.MostOfATenant + 10; n++)
            {
                sums.Count(SeriesKey.Events($"t{tenant}", $"type.{n}", "info"), 1);
            }
        }
        sums.Count(SeriesKey.Heals("web"), 1);

        _book.Close(Start, sums, changes);

        Assert.Equal(SeriesBook.MostSeries - SeriesBook.MostOfATenant + 1, _book.Count);
        Assert.Contains(changes.Fresh, series => series.Key == SeriesKey.Heals("web"));
        Assert.All(changes.Fresh.CountBy(series => series.Key.TenantId), tenant => Assert.InRange(tenant.Value, 1, SeriesBook.MostOfATenant));
        Assert.Equal((12 * (SeriesBook.MostOfATenant + 10)) + 1 - _book.Count, changes.LeftOut);
    }

    [Fact]
    public void Anomalies_of_a_tenant_that_begin_together_are_one_group()
    {
        var other = SeriesKey.Events("acme", "lead.assigned", "error");
        var foreign = SeriesKey.Events("globex", "lead.created", "error");
        var changes = new BookChanges();
        for (var n = 0; n < History + 30; n++, _next++)
        {
            var sums = new Sums();
            foreach (var key in (SeriesKey[])[Errors, other, foreign])
            {
                sums.Count(key, n < History ? 20 + (n * 7 % 5) : 200);
            }
            _book.Close(_next, sums, changes);
        }

        Assert.Equal(3, changes.Raised.Count);
        Assert.Equal(2, changes.Anomalies.Values.Select(one => one.Anomaly.GroupId).Distinct().Count());
        Assert.Single(changes.Anomalies.Values.Where(one => one.Anomaly.TenantId == "acme").Select(one => one.Anomaly.GroupId).Distinct());
    }

    private BookChanges Close(SeriesBook book, int buckets, Func<int, double?> value, SeriesKey? key = null)
    {
        var changes = new BookChanges();
        for (var n = 0; n < buckets; n++, _next++)
        {
            var sums = new Sums();
            if (value(n) is { } there)
            {
                if (key is { } latency)
                {
                    sums.Measure(latency, there);
                }
                else
                {
                    sums.Count(Errors, there);
                }
            }
            book.Close(_next, sums, changes);
        }
        return changes;
    }
}
