namespace AetherLink.Web.SigningIn;

internal static partial class Log
{
    [LoggerMessage(6301, LogLevel.Warning, "The issuer {Authority} does not answer: {Reason}")]
    public static partial void IssuerIsAway(ILogger logger, string authority, string reason);

    [LoggerMessage(6302, LogLevel.Information, "The issuer {Authority} answers again")]
    public static partial void IssuerIsBack(ILogger logger, string authority);

    [LoggerMessage(6303, LogLevel.Information, "The issuer refuses tokens for {Grant}: {Reason}")]
    public static partial void TokensRefused(ILogger logger, string grant, string reason);

    [LoggerMessage(6304, LogLevel.Warning, "A sign-in failed ({Kind}): {Reason}")]
    public static partial void SignInFailed(ILogger logger, string kind, string? reason);

    [LoggerMessage(6305, LogLevel.Warning, "A session of {Person} ends, since its renewed tokens are not valid: {Reason}")]
    public static partial void RenewalInvalid(ILogger logger, string person, string reason);
}
