using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Compat.Tests.Prometheus;

/// <summary>A server with one meter and /metrics.</summary>
internal sealed class MeteredServer(LoopbackServer server, Meter meter) : IAsyncDisposable
{
    public Meter Meter => meter;

    public HttpClient Client => server.Client;

    public static async Task<MeteredServer> StartAsync(Action<PrometheusAspNetCoreOptions>? configure = null)
    {
        var meter = new Meter($"Sample.{Guid.NewGuid():N}", version: "1.2");
        var server = await LoopbackServer.StartAsync(
            services => services.AddOpenTelemetry().WithMetrics(metrics => metrics
                .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes([new("service.name", "sample")]))
                .AddMeter(meter.Name)
                .AddView("bounded", new ExplicitBucketHistogramConfiguration { Boundaries = [0.005, 1, 2500000] })
                .AddPrometheusExporter(options =>
                {
                    options.ScrapeResponseCacheDurationMilliseconds = 0;
                    configure?.Invoke(options);
                })),
            application => application.MapPrometheusScrapingEndpoint());
        return new MeteredServer(server, meter);
    }

    /// <summary>The text, with this server's own meter called "Sample".</summary>
    public async Task<string> ScrapeAsync(string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsStringAsync()).Replace(meter.Name, "Sample", StringComparison.Ordinal);
    }

    public async Task<string> ContentTypeAsync(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request);
        return response.Content.Headers.NonValidated["Content-Type"].ToString();
    }

    public async ValueTask DisposeAsync()
    {
        meter.Dispose();
        await server.DisposeAsync();
    }
}
