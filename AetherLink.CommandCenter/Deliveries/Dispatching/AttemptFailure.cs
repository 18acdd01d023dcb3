using System.Net.Sockets;
using System.Security.Authentication;
using AetherLink.CommandCenter.Deliveries.Addresses;
using AetherLink.CommandCenter.Deliveries.Scheduling;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>What an exception means that an attempt ended with. Messages name hosts, never paths: a path may be a credential.</summary>
internal static class AttemptFailure
{
    public static (AttemptError Error, string Detail) Of(Exception failure, bool isStopping) => failure switch
    {
        _ when Inner<BlockedAddressException>(failure) is { } blocked => (AttemptError.Blocked, blocked.Message),
        OperationCanceledException when isStopping => (AttemptError.Stopped, "The dispatcher stopped."),
        OperationCanceledException { InnerException: TimeoutException } => (AttemptError.ConnectTimeout, "No connection within its time."),
        OperationCanceledException => (AttemptError.ReadTimeout, "No answer within its time."),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => (AttemptError.Dns, "The name does not exist."),
        // What breaks while it is being secured says nothing about the certificate.
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Inner<AuthenticationException>(failure) is { } insecure
            // Of an alert .NET says on Linux no more than that OpenSSL has said something.
            ? (AttemptError.Tls, insecure.GetBaseException().Message)
            : (AttemptError.Reset, "The connection broke before it was secure."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Inner<SocketException>(failure) is { } socket
            ? OfSocket(socket)
            : (AttemptError.Connect, "No connection."),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } => (AttemptError.Protocol, "The answer is not HTTP as it should be."),
        // The kernel has given up a connection: of what was sent nothing was acknowledged.
        HttpRequestException or IOException or SocketException when Inner<SocketException>(failure) is { SocketErrorCode: SocketError.TimedOut } =>
            (AttemptError.Reset, "The connection timed out."),
        HttpRequestException or IOException or SocketException => (AttemptError.Reset, "The connection broke."),
        // A host that no header can hold, and the like.
        _ => (AttemptError.Protocol, "The request cannot be made."),
    };

    /// <summary>.NET calls only a name that is not found one that does not resolve.</summary>
    private static (AttemptError Error, string Detail) OfSocket(SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData => (AttemptError.Dns, "The name does not exist."),
        SocketError.TryAgain or SocketError.NoRecovery => (AttemptError.Dns, "No name server answers."),
        SocketError.TimedOut => (AttemptError.ConnectTimeout, socket.Message),
        _ => (AttemptError.Connect, socket.Message),
    };

    private static T? Inner<T>(Exception? failure)
        where T : Exception
    {
        while (failure is not (null or T))
        {
            failure = failure.InnerException;
        }
        return failure as T;
    }
}
