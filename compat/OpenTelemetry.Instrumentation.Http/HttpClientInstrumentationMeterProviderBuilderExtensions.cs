namespace OpenTelemetry.Metrics;

/// <summary>Adds the metrics of <see cref="HttpClient"/>.</summary>
public static class HttpClientInstrumentationMeterProviderBuilderExtensions
{
    /// <summary>Adds the framework's own meters of requests and name resolution.</summary>
    public static MeterProviderBuilder AddHttpClientInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter("System.Net.Http", "System.Net.NameResolution");
    }
}
