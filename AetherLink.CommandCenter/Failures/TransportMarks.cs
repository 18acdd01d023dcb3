using AetherLink.CommandCenter.Deliveries.Scheduling;

namespace AetherLink.CommandCenter.Failures;

/// <summary>Reads what the libraries say of an attempt without an answer: .NET's sockets, its TLS and its HTTP, and the models' clients.</summary>
internal static class TransportMarks
{
    private static readonly Mark[] Texts =
    [
        .. Marks.Of(0, 0, new Finding(FailureCause.Ours, Recommendation.RetryNow), "too many open files", "cannot assign requested address", "no buffer space", "address already in use"),
        .. Marks.Of(0, 0, FailureCause.Ours, "permission denied", "address family not supported"),
        .. Marks.Of(0, 0, FailureCause.UnknownName, "name or service not known", "no such host", "nodename nor servname", "no address associated", "name does not exist"),
        .. Marks.Of(0, 0, FailureCause.WrongAddress, "cannot determine the frame size"),
        .. Marks.Of(0, 0, FailureCause.EndpointDown, "tls alert: 'internalerror'"),
        .. Marks.Of(0, 0, FailureCause.Credentials, "tls alert: 'certificaterequired'", "tls alert: 'accessdenied'"),
        .. Marks.Of(0, 0, FailureCause.Certificate, "certificate is invalid", "certificate chain", "tls alert"),
        .. Marks.Of(0, 0, FailureCause.NotHttp, "invalid status line", "headers length exceeded"),
        .. Marks.Of(0, 0, FailureCause.TimedOut, "timed out", "no answer within"),
        .. Marks.Of(0, 0, FailureCause.RefusedContent, "the model refused"),
        .. Marks.Of(0, 0, FailureCause.TooLong, "longer than max_output_tokens"),
        .. Marks.Of(0, 0, FailureCause.Overloaded, "overloaded"),
        .. Marks.Of(0, 0, FailureCause.RateLimited, "rate_limit"),
        .. Marks.Of(0, 0, FailureCause.QuotaExhausted, "billing_error", "insufficient_quota"),
        .. Marks.Of(0, 0, FailureCause.Credentials, "authentication_error", "permission_error"),
    ];

    public static Finding Read(Failure failure) => failure.Error switch
    {
        AttemptError.Blocked or AttemptError.EndpointOff or AttemptError.Unsigned => FailureCause.Ours,
        AttemptError.Stopped => FailureCause.Stopped,
        _ => Marks.First(Texts, 0, failure.Text ?? "") ?? failure.Error switch
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
}
