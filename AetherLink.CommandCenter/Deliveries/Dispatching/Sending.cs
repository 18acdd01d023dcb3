using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using AetherLink.CommandCenter.Deliveries.Addresses;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Deliveries.Signing;
using Microsoft.Extensions.Options;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>One attempt: sends a request, and says how it ended. It never throws for what a receiver does.</summary>
internal sealed class Sending(IHttpClientFactory clients, SecretVault vault, IOptions<DeliveryOptions> options, TimeProvider clock)
{
    /// <summary>The name of the client.</summary>
    public const string Client = "deliveries";

    /// <summary>What is kept of an answer: enough to see what went wrong.</summary>
    private const int HeadBytes = 1_024;

    public async Task<Outcome> SendAsync(Outgoing message, CancellationToken stopping)
    {
        var (at, started) = (message.At, clock.GetTimestamp());
        SigningSecret[] secrets = [.. message.Secrets.Select(secret => vault.Open(secret, message.Endpoint)).OfType<SigningSecret>()];
        if (message.Kind is EndpointKind.Standard && secrets.Length == 0)
        {
            // Without a signature the receiver could not tell it from anybody's.
            return new(at, TimeSpan.Zero, null, AttemptError.Unsigned, "The endpoint's secret cannot be read: it was stored under another mesh key.", null);
        }
        using var timeout = new CancellationTokenSource(options.Value.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, timeout.Token);
        try
        {
            using var client = clients.CreateClient(Client);
            using var request = Request(message, secrets, at);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var head = await HeadAsync(answer, message.Url, either.Token);
            var status = (int)answer.StatusCode;
            var error = answer.IsSuccessStatusCode ? AttemptError.None : AttemptError.Status;
            return new(at, clock.GetElapsedTime(started), status, error, error is AttemptError.None ? null : $"The receiver answered {status}.", head)
            {
                RetryAfter = RetryAfter.Read(status, answer.Headers.RetryAfter, at + clock.GetElapsedTime(started)),
            };
        }
#pragma warning disable CA1031 // Whatever it was: an attempt that does not end would keep its place in flight for ever.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var (error, detail) = Explained(failure, stopping.IsCancellationRequested);
            return new(at, clock.GetElapsedTime(started), null, error, detail, null);
        }
    }

    private static HttpRequestMessage Request(Outgoing message, SigningSecret[] secrets, DateTimeOffset at)
    {
        var content = new ByteArrayContent(message.Body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, message.Url.Uri) { Content = content };
        if (message.Kind is EndpointKind.Standard)
        {
            request.Headers.TryAddWithoutValidation(Signature.IdHeader, message.MessageId);
            request.Headers.TryAddWithoutValidation(Signature.TimestampHeader, Signature.Seconds(at));
            request.Headers.TryAddWithoutValidation(Signature.SignatureHeader, Signature.Sign(message.MessageId, at, message.Body, secrets));
        }
        return request;
    }

    /// <summary>The status has decided: what is cut off, or never comes, of the answer's text changes nothing.</summary>
    private static async Task<string?> HeadAsync(HttpResponseMessage answer, EndpointUrl url, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentLength == 0)
        {
            return null;
        }
        // So much more that no credential is cut in two, of which the first half would not be known as one.
        var head = new byte[HeadBytes + (2 * EndpointUrl.Longest)];
        var length = 0;
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
            length = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or HttpRequestException)
        {
            return null;
        }
        // What Postgres does not take, and what would disturb a terminal.
        return length == 0
            ? null
            : string.Concat(Redaction.Head(Encoding.UTF8.GetString(head, 0, length), url, HeadBytes)
                .Select(letter => char.IsControl(letter) && letter is not '\n' ? ' ' : letter));
    }

    /// <summary>Messages name hosts, never paths: a path may be a credential.</summary>
    private static (AttemptError Error, string Detail) Explained(Exception failure, bool isStopping) => failure switch
    {
        _ when Inner<BlockedAddressException>(failure) is { } blocked => (AttemptError.Blocked, blocked.Message),
        OperationCanceledException when isStopping => (AttemptError.Stopped, "The dispatcher stopped."),
        OperationCanceledException { InnerException: TimeoutException } => (AttemptError.ConnectTimeout, "No connection within its time."),
        OperationCanceledException => (AttemptError.ReadTimeout, "No answer within its time."),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => (AttemptError.Dns, "The name does not resolve."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => (AttemptError.Tls, Inner<AuthenticationException>(failure)?.Message ?? "No secure connection."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => (AttemptError.Connect, Inner<SocketException>(failure)?.Message ?? "No connection."),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } => (AttemptError.Protocol, "The answer is not HTTP as it should be."),
        HttpRequestException or IOException or SocketException => (AttemptError.Reset, "The connection broke."),
        // A host that no header can hold, and the like.
        _ => (AttemptError.Protocol, "The request cannot be made."),
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
