using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>
/// Completes the framework's span of a request by the HTTP conventions: ASP.NET Core 10 makes the span, and leaves
/// its name and attributes to the instrumentation.
/// </summary>
internal sealed class RequestListener(AspNetCoreTraceInstrumentationOptions options)
    : IObserver<KeyValuePair<string, object?>>
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    private const string Start = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start";
    private const string Stop = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Stop";
    private const string HostingException = "Microsoft.AspNetCore.Hosting.UnhandledException";
    private const string DiagnosticsException = "Microsoft.AspNetCore.Diagnostics.UnhandledException";

    private const BindingFlags PropertyOfPayload =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    // The framework asks for the bare operation first, before it makes a span at all.
    public static bool Listens(string name) =>
        name is Request or Start or Stop or HostingException or DiagnosticsException;

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span)
            return;

        switch (value.Key)
        {
            case Start when value.Value is HttpContext context:
                Begin(span, context);
                break;
            case Stop when value.Value is HttpContext context:
                End(span, context);
                break;
            case HostingException or DiagnosticsException when ExceptionOf(value.Value) is { } exception:
                Fail(span, exception);
                break;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private void Begin(Activity span, HttpContext context)
    {
        if (!IsWanted(context))
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        var request = context.Request;
        var method = HttpMethodTag.Of(request.Method);
        span.DisplayName = method.SpanName;
        method.Tag(span);
        if (request.Host.HasValue)
        {
            span.SetTag("server.address", request.Host.Host);
            if (request.Host.Port is { } port)
                span.SetTag("server.port", port);
        }

        if (request.Headers.UserAgent is [{ Length: > 0 } agent, ..])
            span.SetTag("user_agent.original", agent);
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("url.path", (request.PathBase + request.Path) is { HasValue: true } path ? path.ToString() : "/");
        if (request.QueryString.HasValue)
            span.SetTag("url.query", RedactedQuery.Of(request.QueryString.Value!));
        span.SetTag("network.protocol.version", request.Protocol switch
        {
            "HTTP/1.0" => "1.0",
            "HTTP/1.1" => "1.1",
            "HTTP/2" => "2",
            "HTTP/3" => "3",
            var other => other,
        });
        Enrich(() => options.EnrichWithHttpRequest?.Invoke(span, request));
    }

    private void End(Activity span, HttpContext context)
    {
        if (RouteOf(context) is { Length: > 0 } route)
        {
            span.DisplayName = $"{HttpMethodTag.Of(context.Request.Method).SpanName} {route}";
            span.SetTag("http.route", route);
        }

        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);

        // A client's mistake is no error of the server.
        if (span.Status == ActivityStatusCode.Unset && status >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
        Enrich(() => options.EnrichWithHttpResponse?.Invoke(span, context.Response));
    }

    private void Fail(Activity span, Exception exception)
    {
        span.SetTag("error.type", exception.GetType().FullName);
        if (options.RecordException)
            span.AddException(exception);
        span.SetStatus(ActivityStatusCode.Error);
        Enrich(() => options.EnrichWithException?.Invoke(span, exception));
    }

    private bool IsWanted(HttpContext context)
    {
        try
        {
            return options.Filter?.Invoke(context) ?? true;
        }
        catch (Exception exception)
        {
            InstrumentationEventSource.Log.CallbackFailed(exception.ToString());
            return false;
        }
    }

    // The application's own callbacks must not break the request they look at.
    private static void Enrich(Action enrich)
    {
        try
        {
            enrich();
        }
        catch (Exception exception)
        {
            InstrumentationEventSource.Log.CallbackFailed(exception.ToString());
        }
    }

    private static string? RouteOf(HttpContext context)
    {
        // Middleware that runs the pipeline again (an error page) clears the endpoint and leaves it here.
        var endpoint = context.GetEndpoint()
            ?? (context.Items.TryGetValue("__OriginalEndpoint", out var original) ? original as Endpoint : null);
        var route = endpoint?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route;
        return route is "" ? "/" : route;
    }

    // Hosting's payload is a dictionary-like type of its own, diagnostics' an anonymous one: both have the property,
    // in different case.
    private static Exception? ExceptionOf(object? payload) =>
        payload?.GetType().GetProperty("Exception", PropertyOfPayload)?.GetValue(payload) as Exception;
}
