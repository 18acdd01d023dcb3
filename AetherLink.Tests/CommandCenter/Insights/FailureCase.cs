using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Deliveries.Addresses;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Failures;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>
/// A failure as a server, or a library, produces it, with what it is and what is to be done. The first file was labelled from what is known of
/// the servers, most of it before there was code that judges them; the others from what their makers document, with where, and before the code
/// that was then there had met it.
/// </summary>
internal sealed record FailureCase(string File, JsonObject Json)
{
    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<FailureCase> All { get; } =
    [
        .. Read("failure-cases.jsonl"), .. Read("failure-cases-documented.jsonl"), .. Read("failure-cases-documented-later.jsonl"), .. Read("failure-cases-documented-last.jsonl"),
    ];

    public bool IsOfAModel => (string)Json["of"]! == "ai";

    public string From => (string)Json["from"]!;

    public string Is => (string)Json["is"]!;

    public string Do => (string)Json["do"]!;

    public int? WaitSeconds => (int?)Json["wait_seconds"];

    private string Text => (string?)Json["text"] ?? (string?)Json["body"] ?? "";

    /// <summary>By the way that it goes in the service: through the exceptions of a sending, or the Orchestrator's audit.</summary>
    /// <param name="isDiscreet">Without a provider's own words, as the audit is unless prompts are.</param>
    public Diagnosis Diagnose(bool isDiscreet = false) => Diagnosis.Of(IsOfAModel ? OfModel(isDiscreet) : Json["fault"] is null ? OfAnswer() : OfFault());

    private static IEnumerable<FailureCase> Read(string file) =>
        System.IO.File.ReadLines(Path.Combine(Repository.Root, "AetherLink.Tests", "CommandCenter", "Insights", file)).Select(line => new FailureCase(file, JsonNode.Parse(line)!.AsObject()));

    private Failure OfAnswer()
    {
        var headers = (Json["headers"]?.AsObject() ?? []).ToDictionary(header => header.Key, header => (string?)header.Value, StringComparer.OrdinalIgnoreCase);
        return new() { Error = AttemptError.Status, Status = (int)Json["status"]!, Header = headers.GetValueOrDefault, Text = Text, At = At };
    }

    private Failure OfModel(bool isDiscreet)
    {
        if (Json["status"] is not { } status)
        {
            return AiFailure.Of((string?)Json["kind"], Text);
        }
        var fault = FaultHandler.Fault((HttpStatusCode)(int)status, Text);
        return AiFailure.Of(fault.Kind.Wire(), isDiscreet ? fault.Gist : fault.Message);
    }

    private Failure OfFault()
    {
        var parts = ((string)Json["fault"]!).Split(':');
        var (error, detail) = parts[0] switch
        {
            "unsigned" => (AttemptError.Unsigned, "The endpoint's secret cannot be read."),
            "off" => (AttemptError.EndpointOff, ""),
            var kind => AttemptFailure.Of(Thrown(kind, parts[1]), isStopping: kind == "stopped"),
        };
        return new() { Error = error, Text = detail, At = At };
    }

    // As HttpClient wraps them.
    private Exception Thrown(string kind, string of) => kind switch
    {
        "connect" => new HttpRequestException(HttpRequestError.ConnectionError, Text, new SocketException((int)Enum.Parse<SocketError>(of), Text)),
        "dns" => new HttpRequestException(HttpRequestError.NameResolutionError, Text, new SocketException((int)Enum.Parse<SocketError>(of), Text)),
        "read" => new HttpRequestException(
            HttpRequestError.Unknown, "An error occurred while sending the request.", new IOException(Text, new SocketException((int)Enum.Parse<SocketError>(of)))),
        "timeout" => new TaskCanceledException("The operation was canceled.", of == "connect" ? new TimeoutException() : null),
        "stopped" => new OperationCanceledException(),
        "ended" => new HttpRequestException(HttpRequestError.ResponseEnded, Text, new HttpIOException(HttpRequestError.ResponseEnded, Text)),
        "http2" => new HttpRequestException(HttpRequestError.HttpProtocolError, Text, new HttpIOException(HttpRequestError.HttpProtocolError, Text)),
        "tls" => new HttpRequestException(
            HttpRequestError.SecureConnectionError, "The SSL connection could not be established, see inner exception.",
            of switch
            {
                "auth" => new AuthenticationException(Text),
                "openssl" => new AuthenticationException("Authentication failed, see inner exception.", new InvalidOperationException("SSL Handshake failed with OpenSSL error - SSL_ERROR_SSL.", new InvalidOperationException(Text))),
                _ => new IOException(Text),
            }),
        "protocol" => new HttpRequestException(Enum.Parse<HttpRequestError>(of), Text),
        "blocked" => new HttpRequestException(HttpRequestError.ConnectionError, Text, new BlockedAddressException(Text)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
