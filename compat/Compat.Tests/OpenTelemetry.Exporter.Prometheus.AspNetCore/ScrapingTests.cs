using System.IO.Compression;

namespace Compat.Tests.Prometheus;

public sealed class ScrapingTests
{
    [Theory]
    [InlineData("", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/plain", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/plain;version=9.9.9", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text;version=0.0.1", "application/openmetrics-text; version=0.0.1; charset=utf-8")]
    [InlineData("application/openmetrics-text;q=0.3,text/plain;q=0.4", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    public async Task Format_is_what_the_scraper_likes_best(string accept, string contentType)
    {
        await using var server = await MeteredServer.StartAsync();

        Assert.Equal(contentType, await server.ContentTypeAsync(accept));
    }

    [Fact]
    public async Task Answer_is_given_again_while_it_is_fresh()
    {
        await using var server = await MeteredServer.StartAsync(
            options => options.ScrapeResponseCacheDurationMilliseconds = 600_000);
        var orders = server.Meter.CreateCounter<long>("orders");
        orders.Add(1);
        var first = await server.ScrapeAsync();
        orders.Add(1);

        Assert.Equal(first, await server.ScrapeAsync());
        Assert.Contains("} 2\n", await server.ScrapeAsync("application/openmetrics-text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_one_of_many_scrapes_at_once_is_whole()
    {
        await using var server = await MeteredServer.StartAsync();
        server.Meter.CreateCounter<long>("orders").Add(1);

        var texts = await Task.WhenAll(Enumerable.Range(0, 40).Select(n =>
            server.ScrapeAsync(n % 2 == 0 ? "application/openmetrics-text" : null)));

        Assert.All(texts, text => Assert.Contains("orders_total{", text, StringComparison.Ordinal));
        Assert.Equal(2, texts.Distinct().Count());
    }

    [Fact]
    public async Task Answer_is_compressed_when_the_scraper_accepts_it()
    {
        await using var server = await MeteredServer.StartAsync();
        server.Meter.CreateCounter<long>("orders").Add(1);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.AcceptEncoding.Add(new("gzip"));

        using var response = await server.Client.SendAsync(request);

        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        await using var unzipped = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        Assert.Contains("orders_total{", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
