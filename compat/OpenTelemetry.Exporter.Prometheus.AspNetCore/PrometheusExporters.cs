using System.Collections.Concurrent;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter;

/// <summary>The application's Prometheus exporters, by the provider that they export.</summary>
internal sealed class PrometheusExporters
{
    // No bag: it has a place in each thread, and what is in there and leads back to it is never collected.
    private readonly ConcurrentQueue<PrometheusExporter> _exporters = [];

    public void Add(PrometheusExporter exporter) => _exporters.Enqueue(exporter);

    public PrometheusExporter? Of(MeterProvider provider) =>
        _exporters.FirstOrDefault(exporter => ReferenceEquals(exporter.ParentProvider, provider));
}
