namespace AetherLink.CommandCenter.Failures.Answers;

/// <summary>What headers say that more than one product sends.</summary>
internal static class HeaderSigns
{
    private static readonly string[] Remaining =
        ["X-RateLimit-Remaining", "RateLimit-Remaining", "X-Rate-Limit-Remaining", "X-RateLimit-Remaining-Requests", "X-RateLimit-Remaining-Tokens"];

    /// <summary>Of those that name an error as a program would.</summary>
    private static readonly string[] Errors =
        ["x-amzn-errortype", "x-ms-error-code", "x-vercel-error", "x-error-code", "x-error-type", "x-error", "error-code", "grpc-message", "l5d-proxy-error", "x-squid-error"];

    public static Finding? Read(Answer answer) => answer.Status switch
    {
        >= 500 when ProxyStatus.Read(answer.Header("Proxy-Status")) is { } said => said,
        // What is used up says so in other words; that it is a limit, the number says.
        403 or 503 when IsUsedUp(answer) => FailureCause.RateLimited,
        400 or 403 when answer.Header("WWW-Authenticate")?.Contains("error=", StringComparison.OrdinalIgnoreCase) is true => FailureCause.Credentials,
        _ => null,
    };

    /// <summary>Their names of what went wrong, as words.</summary>
    public static string Names(Answer answer) =>
        AnswerText.Plain(string.Join(' ', Errors.Select(name => answer.Header(name)).OfType<string>().Select(name => name.Split(':')[0])));

    /// <summary>Of a limit nothing is left. Many tell of their limits with every answer, whatever it is that failed.</summary>
    public static bool IsUsedUp(Answer answer) => Remaining.Any(name => answer.Header(name)?.Trim() is "0");

    /// <summary>Something is left of every limit that is told of.</summary>
    public static bool HasLeft(Failure failure) =>
        Remaining.Select(failure.Header).OfType<string>().Select(left => left.Trim()).ToList() is { Count: > 0 } told && told.TrueForAll(left => left is not "0" && !left.StartsWith('-'));
}
