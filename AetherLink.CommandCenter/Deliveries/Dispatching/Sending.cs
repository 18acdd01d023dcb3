using System.Text;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.CommandCenter.Failures;
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
            var ended = at + clock.GetElapsedTime(started);
            return new(at, ended - at, status, error, error is AttemptError.None ? null : $"The receiver answered {status}.", head)
            {
                RetryAfter = RetryAfter.Read(status, answer.Headers.RetryAfter, ended),
                Diagnosis = error is AttemptError.None
                    ? null
                    : Diagnosis.Of(new() { Error = error, Status = status, Header = Failure.Headers(answer.Headers), Text = head, At = ended }),
            };
        }
#pragma warning disable CA1031 // Whatever it was: an attempt that does not end would keep its place in flight for ever.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var (error, detail) = AttemptFailure.Of(failure, stopping.IsCancellationRequested);
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
}
