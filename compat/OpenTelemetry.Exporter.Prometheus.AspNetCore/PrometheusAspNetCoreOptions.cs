namespace OpenTelemetry.Exporter;

/// <summary>Options of the Prometheus exporter.</summary>
public class PrometheusAspNetCoreOptions
{
    internal const string DefaultScrapeEndpointPath = "/metrics";

    /// <summary>Where the metrics are: <c>/metrics</c>.</summary>
    public string? ScrapeEndpointPath { get; set; } = DefaultScrapeEndpointPath;

    /// <summary>Whether counters go without their suffix <c>_total</c>; OpenMetrics always has it.</summary>
    public bool DisableTotalNameSuffixForCounters { get; set; }

    /// <summary>Whether series name their meter, in labels that begin with <c>otel_scope_</c>.</summary>
    public bool ScopeInfoEnabled { get; set; } = true;

    /// <summary>Whether the resource is told, as <c>target_info</c>.</summary>
    public bool TargetInfoEnabled { get; set; } = true;

    /// <summary>How long an answer is given again to other scrapes: 300 ms; 0 collects for each.</summary>
    public int ScrapeResponseCacheDurationMilliseconds { get; set; } = 300;
}
