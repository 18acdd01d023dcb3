using System.Globalization;
using System.Net;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Providers;

/// <summary>
/// Turns every answer that is no success into a <see cref="ProviderFault"/> of its class, beneath whichever SDK is in use: each
/// has its own exceptions, and none keeps Retry-After.
/// </summary>
internal sealed class FaultHandler(TimeProvider clock) : DelegatingHandler
{
    /// <summary>An answer is a few kilobytes; this is the end of what is read of one.</summary>
    public const int MaxAnswerBytes = 4 << 20;

    /// <summary>An explanation comes with its status, or soon after.</summary>
    private static readonly TimeSpan Explaining = TimeSpan.FromSeconds(1);

    // More than is repeated of it, and enough to tell its class by.
    private const int MaxErrorBytes = 1_200;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode && IsBounded(response)) return response;
        using (response)
        {
            if (response.IsSuccessStatusCode)
                throw new ProviderFault(FaultKind.InvalidAnswer, $"the answer has {response.Content.Headers.ContentLength} bytes, which is more than {MaxAnswerBytes}");
            throw Fault(response.StatusCode, WithoutKey(await ExplainAsync(response, cancellationToken), request), RetryAfter(response));
        }
    }

    /// <summary>What an answer says of itself. The gist has its number, and which words of ours are in it.</summary>
    internal static ProviderFault Fault(HttpStatusCode status, string explained, TimeSpan? retryAfter = null) =>
        new(Classify(status, explained), $"HTTP {(int)status}", explained, retryAfter)
        {
            Gist = $"HTTP {(int)status}{KnownWords.In(explained)}{(retryAfter > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $", retry after {Math.Ceiling(retryAfter.Value.TotalSeconds):0} s") : "")}",
            // Of those a model behind a gateway may have heard.
            TookNothing = status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout),
        };

    /// <summary>False for one that is too long by its own word. Of one that does not say how long it is only so much can be read.</summary>
    private static bool IsBounded(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentLength is { } length) return length <= MaxAnswerBytes;
        var streams = response.Content.Headers.ContentType?.MediaType is "text/event-stream" or "application/x-ndjson";
        response.Content = new BoundedContent(response.Content, streams ? AnswerBounds.Stream : AnswerBounds.Whole);
        return true;
    }

    /// <summary>
    /// 529 is Anthropic's "overloaded"; 402 an unpaid bill, which like a wrong key does not mend by itself, and which OpenAI calls a
    /// rate limit. A text that is too long, or against a policy, says nothing about the provider: the next text may be neither.
    /// </summary>
    internal static FaultKind Classify(HttpStatusCode status, string explained = "") => (int)status switch
    {
        401 or 402 or 403 or 407 => FaultKind.Credentials,
        429 when Says(explained, "insufficient_quota") => FaultKind.Credentials,
        429 => FaultKind.RateLimit,
        408 or 504 => FaultKind.Timeout,
        413 => FaultKind.Refusal,
        400 when Says(explained, "content_filter") || Says(explained, "content_policy") || Says(explained, "context_length_exceeded")
            || Says(explained, "prompt is too long") => FaultKind.Refusal,
        >= 500 => FaultKind.Overload,
        _ => FaultKind.InvalidAnswer,
    };

    private static bool Says(string explained, string what) => explained.Contains(what, StringComparison.Ordinal);

    /// <summary>Some repeat the key that they refuse, and whoever asked is told what the provider said.</summary>
    private static string WithoutKey(string explained, HttpRequestMessage request) =>
        Keys(request).Where(key => key.Length > 0).Aggregate(explained, (text, key) => text.Replace(key, "***", StringComparison.Ordinal));

    private static IEnumerable<string> Keys(HttpRequestMessage request) =>
        (request.Headers.TryGetValues("x-api-key", out var keys) ? keys : []).Append(request.Headers.Authorization?.Parameter ?? "");

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    /// <summary>As far as it comes: its status is known, and somebody else may be asked meanwhile.</summary>
    private async Task<string> ExplainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Explaining, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var buffer = new byte[MaxErrorBytes];
        var read = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            while (read < buffer.Length && await body.ReadAsync(buffer.AsMemory(read), either.Token) is > 0 and var more) read += more;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What has come of it says what it can.
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return $"its explanation was cut off: {e.Message}";
        }
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read).ReplaceLineEndings(" ").Trim();
    }
}
