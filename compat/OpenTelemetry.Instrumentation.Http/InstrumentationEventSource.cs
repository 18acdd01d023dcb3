using System.Diagnostics.Tracing;

namespace OpenTelemetry.Instrumentation.Http;

/// <summary>What goes wrong inside telemetry is told to the SDK's self-diagnostics, never to the application.</summary>
[EventSource(Name = "OpenTelemetry-Instrumentation-Http")]
internal sealed class InstrumentationEventSource : EventSource
{
    public static readonly InstrumentationEventSource Log = new();

    [Event(1, Message = "A filter or enrichment failed: {0}", Level = EventLevel.Error)]
    public void CallbackFailed(string exception) => WriteEvent(1, exception);
}
