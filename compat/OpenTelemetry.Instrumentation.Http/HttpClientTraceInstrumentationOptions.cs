using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.Http;

/// <summary>Options of the tracing of outgoing requests.</summary>
public class HttpClientTraceInstrumentationOptions
{
    /// <summary>Which requests are traced; null traces all, a filter that throws traces none.</summary>
    public Func<HttpRequestMessage, bool>? FilterHttpRequestMessage { get; set; }

    /// <summary>Adds to the span when the request begins.</summary>
    public Action<Activity, HttpRequestMessage>? EnrichWithHttpRequestMessage { get; set; }

    /// <summary>Adds to the span when the response's headers are there.</summary>
    public Action<Activity, HttpResponseMessage>? EnrichWithHttpResponseMessage { get; set; }

    /// <summary>Adds to the span when the request fails with an exception.</summary>
    public Action<Activity, Exception>? EnrichWithException { get; set; }

    /// <summary>Whether an exception becomes an event of the span.</summary>
    public bool RecordException { get; set; }
}
