using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenTelemetry;

/// <summary>Resolving a provider is what builds it, and with it its instrumentation and exporters.</summary>
internal sealed class TelemetryHostInitializer(IServiceProvider services) : ITelemetryHostInitializer
{
    public void Initialize()
    {
        _ = services.GetService<MeterProvider>();
        _ = services.GetService<TracerProvider>();
        _ = services.GetService<LoggerProvider>();
    }
}
