using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>The method of a request by the conventions: an unknown one is <c>_OTHER</c>, kept as it was beside that.</summary>
internal readonly record struct HttpMethodTag(string Method, string? Original)
{
    private static readonly string[] Known =
        ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"];

    public string SpanName => Method == "_OTHER" ? "HTTP" : Method;

    public static HttpMethodTag Of(string method)
    {
        var known = Array.Find(Known, name => string.Equals(name, method, StringComparison.OrdinalIgnoreCase));
        return known == method ? new(method, null) : new(known ?? "_OTHER", method);
    }

    public void Tag(Activity span)
    {
        span.SetTag("http.request.method", Method);
        if (Original is not null)
            span.SetTag("http.request.method_original", Original);
    }
}
