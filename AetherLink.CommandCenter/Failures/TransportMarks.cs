using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Failures.Answers;

namespace AetherLink.CommandCenter.Failures;

/// <summary>Reads what the libraries say of an attempt without an answer: .NET's sockets, its TLS (with OpenSSL's words) and its HTTP, and the models' clients.</summary>
internal static class TransportMarks
{
    private static readonly Mark[] Texts =
    [
        .. Marks.Of(0, 0, new Finding(FailureCause.Ours, Recommendation.RetryNow), "too many open files", "cannot assign requested address", "no buffer space", "address already in use", "cannot allocate memory"),
        .. Marks.Of(0, 0, FailureCause.Ours, "permission denied", "address family not supported", "operation not permitted"),
        .. Marks.Of(0, 0, FailureCause.UnknownName, "name or service not known", "no such host", "nodename nor servname", "no address associated", "name does not exist"),
        // Not encrypted at all: a port of another protocol, or http where https was meant.
        .. Marks.Of(0, 0, FailureCause.WrongAddress, "cannot determine the frame size", "wrong version number", "packet length too long", "http request", "record layer failure"),
        .. Marks.Of(0, 0, FailureCause.EndpointDown, "tls alert: 'internalerror'", "alert internal error"),
        .. Marks.Of(0, 0, FailureCause.Credentials, "tls alert: 'certificaterequired'", "tls alert: 'accessdenied'", "alert certificate required", "alert access denied", "alert unknown psk identity"),
        .. Marks.Of(0, 0, FailureCause.Unreachable, "unexpected eof while reading", "unexpected eof or 0 bytes", "transport stream", "connection reset"),
        .. Marks.Of(0, 0, FailureCause.Certificate, "certificate is invalid", "certificate chain", "tls alert", "certificate verify failed", "ssl routines", "ssl_error_ssl"),
        .. Marks.Of(0, 0, FailureCause.NotHttp, "invalid status line", "headers length exceeded"),
        .. Marks.Of(0, 0, FailureCause.TimedOut, "timed out", "no answer within"),
        .. Marks.Of(0, 0, FailureCause.RefusedContent, "the model refused"),
        .. Marks.Of(0, 0, FailureCause.TooLong, "longer than max_output_tokens"),
    ];

    public static Finding Read(Failure failure) => failure.Error switch
    {
        AttemptError.Blocked or AttemptError.EndpointOff or AttemptError.Unsigned => FailureCause.Ours,
        AttemptError.Stopped => FailureCause.Stopped,
        _ => Marks.First(Texts, 0, failure.Text ?? "") ?? InAStream(failure) ?? failure.Error switch
        {
            AttemptError.Dns or AttemptError.Connect or AttemptError.Reset => FailureCause.Unreachable,
            AttemptError.ConnectTimeout or AttemptError.ReadTimeout => FailureCause.TimedOut,
            AttemptError.Tls => FailureCause.Certificate,
            AttemptError.Protocol when failure.IsOfAModel => FailureCause.BadAnswer,
            AttemptError.Protocol => FailureCause.NotHttp,
            // A provider that gave up in the middle.
            AttemptError.Status => FailureCause.EndpointDown,
            _ => FailureCause.Unknown,
        },
    };

    /// <summary>A provider that says in the middle of its answer why there is no more has sent its number long before: the Orchestrator's class stands in for it.</summary>
    private static Finding? InAStream(Failure failure)
    {
        if (!failure.IsOfAModel || failure.Text is not { Length: > 0 })
        {
            return null;
        }
        var status = failure.Kind switch
        {
            "rate_limit" => 429,
            "credentials" => 401,
            "overload" => 500,
            "refusal" => 400,
            _ => 0,
        };
        return status == 0 ? null : status is 429 or 401 ? AnswerReading.Read(failure, status) : AnswerReading.Said(new(failure, status));
    }
}
