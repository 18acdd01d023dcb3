using System.Text.RegularExpressions;

namespace Compat.Tests.Prometheus;

public sealed partial class PrometheusTextTests
{
    private const string OpenMetrics = "application/openmetrics-text;version=1.0.0";

    [Fact]
    public async Task Scrape_is_the_text_of_the_real_exporter()
    {
        await using var server = await MeteredServer.StartAsync();
        server.Meter.CreateCounter<long>("orders.placed", "{order}", "Orders placed.").Add(3, new("kind", "new"), new("http.status", 200));
        server.Meter.CreateUpDownCounter<long>("queue.depth").Add(-2);
        server.Meter.CreateObservableGauge("disk.used", () => 0.25, "1", "Part of the disk\nthat is \"used\".");
        server.Meter.CreateHistogram<double>("bounded", "s", "Time.").Record(0.5, new KeyValuePair<string, object?>("le", "dropped"));

        Assert.Equal(
            """
            # TYPE target_info gauge
            # HELP target_info Target metadata
            target_info{service_name="sample"} 1
            # TYPE bounded_seconds histogram
            # HELP bounded_seconds Time.
            bounded_seconds_bucket{otel_scope_name="Sample",otel_scope_version="1.2",le="0.005"} 0
            bounded_seconds_bucket{otel_scope_name="Sample",otel_scope_version="1.2",le="1"} 1
            bounded_seconds_bucket{otel_scope_name="Sample",otel_scope_version="1.2",le="2500000"} 1
            bounded_seconds_bucket{otel_scope_name="Sample",otel_scope_version="1.2",le="+Inf"} 1
            bounded_seconds_sum{otel_scope_name="Sample",otel_scope_version="1.2"} 0.5
            bounded_seconds_count{otel_scope_name="Sample",otel_scope_version="1.2"} 1
            # TYPE disk_used gauge
            # HELP disk_used Part of the disk\nthat is "used".
            disk_used{otel_scope_name="Sample",otel_scope_version="1.2"} 0.25
            # TYPE orders_placed_total counter
            # HELP orders_placed_total Orders placed.
            orders_placed_total{otel_scope_name="Sample",otel_scope_version="1.2",http_status="200",kind="new"} 3
            # TYPE queue_depth gauge
            queue_depth{otel_scope_name="Sample",otel_scope_version="1.2"} -2

            """,
            await server.ScrapeAsync());
    }

    [Fact]
    public async Task Scrape_is_OpenMetrics_when_it_is_asked_for()
    {
        await using var server = await MeteredServer.StartAsync();
        server.Meter.CreateCounter<double>("bytes.sent", "By").Add(1.5);
        server.Meter.CreateHistogram<double>("bounded", "s", "The \"time\".").Record(0.5);

        Assert.Equal(
            """
            # TYPE target info
            # HELP target Target metadata
            target_info{service_name="sample"} 1
            # TYPE bounded_seconds histogram
            # UNIT bounded_seconds seconds
            # HELP bounded_seconds The \"time\".
            bounded_seconds_bucket{otel_scope_name="Sample",otel_scope_version="1.2",le="0.005"} 0
            bounded_seconds_bucket{otel_scope_name="Sample",otel_scope_version="1.2",le="1.0"} 1
            bounded_seconds_bucket{otel_scope_name="Sample",otel_scope_version="1.2",le="2.5e+06"} 1
            bounded_seconds_bucket{otel_scope_name="Sample",otel_scope_version="1.2",le="+Inf"} 1
            bounded_seconds_sum{otel_scope_name="Sample",otel_scope_version="1.2"} 0.5
            bounded_seconds_count{otel_scope_name="Sample",otel_scope_version="1.2"} 1
            bounded_seconds_created{otel_scope_name="Sample",otel_scope_version="1.2"} TIME
            # TYPE bytes_sent_bytes counter
            # UNIT bytes_sent_bytes bytes
            bytes_sent_bytes_total{otel_scope_name="Sample",otel_scope_version="1.2"} 1.5
            bytes_sent_bytes_created{otel_scope_name="Sample",otel_scope_version="1.2"} TIME
            # EOF

            """,
            CreatedTime().Replace(await server.ScrapeAsync(OpenMetrics), "$1 TIME"));
    }

    [Fact]
    public async Task Scope_and_target_are_left_out_when_disabled()
    {
        await using var server = await MeteredServer.StartAsync(options =>
        {
            options.ScopeInfoEnabled = false;
            options.TargetInfoEnabled = false;
            options.DisableTotalNameSuffixForCounters = true;
        });
        server.Meter.CreateCounter<long>("orders").Add(1);

        Assert.Equal("# TYPE orders counter\norders{} 1\n", await server.ScrapeAsync());
    }

    [Fact]
    public async Task Label_values_are_escaped_and_labels_that_collide_are_merged()
    {
        await using var server = await MeteredServer.StartAsync(options => options.ScopeInfoEnabled = false);
        server.Meter.CreateCounter<long>("orders").Add(
            1, new("text", "a\"b\\c\nd"), new("a_b", "second"), new("a.b", "first"), new("1st", 0.1), new("yes", true));

        Assert.Contains(
            """orders_total{_1st="0.1",a_b="first;second",text="a\"b\\c\nd",yes="true"} 1""",
            await server.ScrapeAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_of_one_name_and_different_types_are_left_out()
    {
        await using var server = await MeteredServer.StartAsync();
        server.Meter.CreateUpDownCounter<long>("orders.total").Add(1);
        server.Meter.CreateCounter<long>("orders").Add(1);
        server.Meter.CreateCounter<long>("others").Add(1);

        var text = await server.ScrapeAsync();

        Assert.DoesNotContain("orders_total", text, StringComparison.Ordinal);
        Assert.Contains("others_total", text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(_created\{[^}]*\}) [0-9.]+")]
    private static partial Regex CreatedTime();
}
