using System.Collections.Concurrent;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter;

/// <summary>The application's Prometheus exporters, by the provider that they export.</summary>
internal sealed class PrometheusExporters
{
    private readonly ConcurrentBag<PrometheusExporter> _exporters = [];

    public void Add(PrometheusExporter exporter) => _exporters.Add(exporter);

    public PrometheusExporter? Of(MeterProvider provider) =>
        _exporters.FirstOrDefault(exporter => ReferenceEquals(exporter.ParentProvider, provider));
}
