using OpenTelemetry.Instrumentation.Runtime;

namespace OpenTelemetry.Metrics;

/// <summary>Adds the metrics of the .NET runtime.</summary>
public static class MeterProviderBuilderExtensions
{
    /// <summary>Adds the metrics of the .NET runtime.</summary>
    public static MeterProviderBuilder AddRuntimeInstrumentation(this MeterProviderBuilder builder) =>
        AddRuntimeInstrumentation(builder, configure: null);

    /// <summary>Adds the metrics of the .NET runtime.</summary>
    public static MeterProviderBuilder AddRuntimeInstrumentation(
        this MeterProviderBuilder builder,
        Action<RuntimeInstrumentationOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Since .NET 9 the runtime has a meter of its own, and there is nothing left to configure.
        return builder.AddMeter("System.Runtime");
    }
}
