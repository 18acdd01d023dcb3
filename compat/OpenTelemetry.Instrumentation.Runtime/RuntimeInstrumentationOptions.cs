namespace OpenTelemetry.Instrumentation.Runtime;

/// <summary>Options of the runtime instrumentation; there are none.</summary>
public class RuntimeInstrumentationOptions;
