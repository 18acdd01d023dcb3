using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AetherLink.ServiceDefaults;

/// <summary>Metrics, traces and logs, as OpenTelemetry has them.</summary>
internal static class Telemetry
{
    public const string MeterName = "AetherLink.ServiceDefaults";

    /// <summary>Every meter and activity source of the product's own begins so.</summary>
    private const string OurOwn = "AetherLink.*";

    /// <summary>The framework's own measure.</summary>
    private const string NameLookups = "dns.lookup.duration";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            // How long, and not which: among the names are those of tenants' webhooks, and everybody may read this.
            .AddView(NameLookups, new MetricStreamConfiguration { TagKeys = ["error.type"] })
            .AddRuntimeInstrumentation()
            .AddMeter(OurOwn)
            .AddPrometheusExporter());

        // Without anybody to send them to, spans and log records would only cost.
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 })
            return;
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        telemetry
            .WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsProbe(context.Request))
                .AddHttpClientInstrumentation()
                .AddSource(OurOwn))
            .UseOtlpExporter();
    }

    // By path, since a trace begins before routing.
    internal static bool IsProbe(HttpRequest request) =>
        request.Path.Value is "/health" or "/alive" or "/metrics"
        // Anybody can send a probe's user agent: it is believed only where there is nothing to hide.
        || (request.Headers.UserAgent == RequestAudit.ProbeAgent && HttpMethods.IsGet(request.Method)
            && request.Path.Value is "/ping" or "/healthz" or "/health.json");

    public static void MapMetrics(this IEndpointRouteBuilder app) => app.MapPrometheusScrapingEndpoint("/metrics").OnlyRead().AsProbe();
}
