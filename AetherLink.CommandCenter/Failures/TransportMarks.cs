using AetherLink.CommandCenter.Deliveries.Scheduling;

namespace AetherLink.CommandCenter.Failures;

/// <summary>Reads what the libraries say of an attempt without an answer: .NET's sockets, its TLS and its HTTP, and the models' clients.</summary>
internal static class TransportMarks
{
    private static readonly Mark[] Texts =
    [
        .. Marks.Of(0, 0, new Finding(Cause.Ours, Recommendation.RetryNow), "too many open files", "cannot assign requested address", "no buffer space", "address already in use"),
        .. Marks.Of(0, 0, Cause.Ours, "permission denied", "address family not supported"),
        .. Marks.Of(0, 0, Cause.UnknownName, "name or service not known", "no such host", "nodename nor servname", "no address associated", "name does not exist"),
        .. Marks.Of(0, 0, Cause.WrongAddress, "cannot determine the frame size"),
        .. Marks.Of(0, 0, Cause.EndpointDown, "tls alert: 'internalerror'"),
        .. Marks.Of(0, 0, Cause.Credentials, "tls alert: 'certificaterequired'", "tls alert: 'accessdenied'"),
        .. Marks.Of(0, 0, Cause.Certificate, "certificate is invalid", "certificate chain", "tls alert"),
        .. Marks.Of(0, 0, Cause.NotHttp, "invalid status line", "headers length exceeded"),
        .. Marks.Of(0, 0, Cause.TimedOut, "timed out", "no answer within"),
        .. Marks.Of(0, 0, Cause.RefusedContent, "the model refused"),
        .. Marks.Of(0, 0, Cause.TooLong, "longer than max_output_tokens"),
        .. Marks.Of(0, 0, Cause.Overloaded, "overloaded"),
        .. Marks.Of(0, 0, Cause.RateLimited, "rate_limit"),
        .. Marks.Of(0, 0, Cause.QuotaExhausted, "billing_error", "insufficient_quota"),
        .. Marks.Of(0, 0, Cause.Credentials, "authentication_error", "permission_error"),
    ];

    public static Finding Read(Failure failure) => failure.Error switch
    {
        AttemptError.Blocked or AttemptError.EndpointOff or AttemptError.Unsigned => Cause.Ours,
        AttemptError.Stopped => Cause.Stopped,
        _ => Marks.First(Texts, 0, failure.Text ?? "") ?? failure.Error switch
        {
            AttemptError.Dns or AttemptError.Connect or AttemptError.Reset => Cause.Unreachable,
            AttemptError.ConnectTimeout or AttemptError.ReadTimeout => Cause.TimedOut,
            AttemptError.Tls => Cause.Certificate,
            AttemptError.Protocol when failure.IsOfAModel => Cause.BadAnswer,
            AttemptError.Protocol => Cause.NotHttp,
            // A provider that gave up in the middle.
            AttemptError.Status => Cause.EndpointDown,
            _ => Cause.Unknown,
        },
    };
}
