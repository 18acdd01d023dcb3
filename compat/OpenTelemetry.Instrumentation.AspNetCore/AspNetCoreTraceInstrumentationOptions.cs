using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Options of the request tracing.</summary>
public class AspNetCoreTraceInstrumentationOptions
{
    /// <summary>Which requests are traced; null traces all, a filter that throws traces none.</summary>
    public Func<HttpContext, bool>? Filter { get; set; }

    /// <summary>Adds to the span when the request begins.</summary>
    public Action<Activity, HttpRequest>? EnrichWithHttpRequest { get; set; }

    /// <summary>Adds to the span when the response is done.</summary>
    public Action<Activity, HttpResponse>? EnrichWithHttpResponse { get; set; }

    /// <summary>Adds to the span when the request fails with an exception.</summary>
    public Action<Activity, Exception>? EnrichWithException { get; set; }

    /// <summary>Whether an exception becomes an event of the span.</summary>
    public bool RecordException { get; set; }

    /// <summary>Whether SignalR's spans are taken.</summary>
    public bool EnableAspNetCoreSignalRSupport { get; set; } = true;

    /// <summary>Whether the spans of Razor components are taken.</summary>
    public bool EnableRazorComponentsSupport { get; set; } = true;
}
