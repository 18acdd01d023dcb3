namespace OpenTelemetry;

/// <summary>Starts the telemetry of a host.</summary>
public interface ITelemetryHostInitializer
{
    /// <summary>Starts the telemetry of a host.</summary>
    void Initialize();
}
