using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Calls;

/// <summary>What an exception of a provider means; null for one that no provider should throw.</summary>
internal static class Faults
{
    public static ProviderFault? Of(Exception exception, bool timedOut, TimeSpan limit)
    {
        if (ProviderFault.Within(exception) is { } fault) return fault;
        if (timedOut)
            return new(FaultKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalMilliseconds:0} ms"), inner: exception);
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse })
                return new(FaultKind.Network, "the answer is not HTTP", e.Message, inner: exception);
            if (e is HttpRequestException or IOException or SocketException) return new(FaultKind.Network, Message(e), inner: exception);
            if (e is OperationCanceledException or TimeoutException or RegexMatchTimeoutException) return new(FaultKind.Timeout, e.Message, inner: exception);
        }
        return null;
    }

    private static string Message(Exception e) => e.InnerException is { } inner && !e.Message.Contains(inner.Message, StringComparison.Ordinal)
        ? $"{e.Message} {inner.Message}"
        : e.Message;
}
