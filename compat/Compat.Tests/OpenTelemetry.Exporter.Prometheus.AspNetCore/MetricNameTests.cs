namespace Compat.Tests.Prometheus;

public sealed class MetricNameTests
{
    [Theory]
    [InlineData("http.server.request.duration", "s", "http_server_request_duration_seconds")]
    [InlineData("response.ms", "ms", "response_ms_milliseconds")]
    [InlineData("cpu.utilization", "1", "cpu_utilization")]
    [InlineData("cache.hit_percent", "%", "cache_hit_percent")]
    [InlineData("open", "{connection}", "open")]
    [InlineData("speed", "By/s", "speed_bytes_per_second")]
    [InlineData("speed", "{packet}/s", "speed_per_second")]
    [InlineData("used_bytes", "By", "used_bytes")]
    [InlineData("odd-name..of__things", "", "odd_name_of_things")]
    [InlineData("volume", "m/", "volume_m")]
    public async Task Gauge_is_named_with_its_unit(string name, string unit, string expected)
    {
        await using var server = await MeteredServer.StartAsync();
        server.Meter.CreateObservableGauge(name, () => 1, unit);

        Assert.Contains($"\n# TYPE {expected} gauge\n{expected}{{", await server.ScrapeAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sent", "By", "sent_bytes_total", "sent_bytes")]
    [InlineData("sent.total", "", "sent_total", "sent")]
    [InlineData("sent_bytes_total", "By", "sent_bytes_total", "sent_bytes")]
    [InlineData("failures", "1", "failures_total", "failures")]
    public async Task Counter_is_named_with_its_unit_and_total(
        string name, string unit, string expected, string openMetricsFamily)
    {
        await using var server = await MeteredServer.StartAsync();
        server.Meter.CreateCounter<long>(name, unit).Add(1);

        Assert.Contains($"\n# TYPE {expected} counter\n{expected}{{", await server.ScrapeAsync(), StringComparison.Ordinal);
        var openMetrics = await server.ScrapeAsync("application/openmetrics-text");
        Assert.Contains($"\n# TYPE {openMetricsFamily} counter\n", openMetrics, StringComparison.Ordinal);
        Assert.Contains($"\n{openMetricsFamily}_total{{", openMetrics, StringComparison.Ordinal);
    }
}
