using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.Http;

/// <summary>
/// Filters and enriches the framework's span of an outgoing request. Since .NET 9 the framework sets the attributes of
/// the conventions itself.
/// </summary>
internal sealed class RequestListener(HttpClientTraceInstrumentationOptions options)
    : IObserver<KeyValuePair<string, object?>>
{
    private const string Request = "System.Net.Http.HttpRequestOut";
    private const string Start = "System.Net.Http.HttpRequestOut.Start";
    private const string Stop = "System.Net.Http.HttpRequestOut.Stop";
    private const string Failure = "System.Net.Http.Exception";

    // The framework asks for the bare operation first, before it makes a span at all.
    public static bool Listens(string name) => name is Request or Start or Stop or Failure;

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span)
            return;

        switch (value.Key)
        {
            // A span without a source was made for this listener's sake after the sampler had said no.
            case Start when string.IsNullOrEmpty(span.Source.Name):
                span.IsAllDataRequested = false;
                break;
            case Start when PropertyOf<HttpRequestMessage>(value.Value, "Request") is { } request:
                Begin(span, request);
                break;
            case Stop when PropertyOf<HttpResponseMessage>(value.Value, "Response") is { } response:
                Call(() => options.EnrichWithHttpResponseMessage?.Invoke(span, response));
                break;
            case Failure when PropertyOf<Exception>(value.Value, "Exception") is { } exception:
                if (options.RecordException)
                    span.AddException(exception);
                if (exception is HttpRequestException)
                    span.SetStatus(ActivityStatusCode.Error);
                Call(() => options.EnrichWithException?.Invoke(span, exception));
                break;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    private void Begin(Activity span, HttpRequestMessage request)
    {
        var wanted = options.FilterHttpRequestMessage is null;
        Call(() => wanted = options.FilterHttpRequestMessage?.Invoke(request) ?? true);
        if (!wanted)
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        Call(() => options.EnrichWithHttpRequestMessage?.Invoke(span, request));
    }

    // The application's own callbacks must not break the request they look at.
    private static void Call(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception exception)
        {
            InstrumentationEventSource.Log.CallbackFailed(exception.ToString());
        }
    }

    // The payload's type is not public; its top-level properties are kept for listeners.
    private static T? PropertyOf<T>(object? payload, string name)
        where T : class => payload?.GetType().GetProperty(name)?.GetValue(payload) as T;
}
