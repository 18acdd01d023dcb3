namespace AetherLink.Web.Forwarding;

internal static partial class Log
{
    [LoggerMessage(6101, LogLevel.Warning, "{Service} could not be asked ({Kind}): {Reason}")]
    public static partial void UpstreamFailed(ILogger logger, string service, HttpRequestError kind, string reason);

    [LoggerMessage(6102, LogLevel.Warning, "The answer of {Service} broke off on its way: {Reason}")]
    public static partial void AnswerCut(ILogger logger, string service, string reason);
}
