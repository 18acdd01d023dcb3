using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OpenTelemetry.Exporter.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter;

internal sealed class PrometheusExporterMiddleware
{
    private readonly PrometheusExporter? _exporter;

    public PrometheusExporterMiddleware(MeterProvider meterProvider, RequestDelegate next, PrometheusExporters exporters)
    {
        ArgumentNullException.ThrowIfNull(next);

        // With OTEL_SDK_DISABLED there is a provider that does nothing, of a type that is not public.
        _exporter = exporters.Of(meterProvider);
        if (_exporter is null && meterProvider.GetType().Name != "NoopMeterProvider")
            throw new ArgumentException("The meter provider has no Prometheus exporter.", nameof(meterProvider));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (_exporter is null)
            return;

        var format = PrometheusFormat.Negotiate(context.Request.GetTypedHeaders().Accept);
        if (await _exporter.ScrapeAsync(format, context.RequestAborted) is not { } scrape)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        var response = context.Response;
        response.ContentType = format.ContentType;
        response.Headers.LastModified = scrape.CollectedAt.ToString("R");
        response.Headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (!AcceptsGzip(context.Request))
        {
            await response.Body.WriteAsync(scrape.Text, context.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(scrape.Text, context.RequestAborted);
    }

    private static bool AcceptsGzip(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding
        .Any(encoding => encoding.Quality is not 0 && encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase));
}
