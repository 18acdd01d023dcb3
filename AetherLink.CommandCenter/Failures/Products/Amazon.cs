namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>
/// AWS' gateways name the exception, in words that mean another thing elsewhere: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html.
/// </summary>
internal static class Amazon
{
    public static readonly Product Product = new(
        [.. Marks.Of(403, 403, FailureCause.WrongAddress, "missing authentication token")],
        answer => answer switch
        {
            _ when answer.Header("x-amzn-waf-action") is not null => FailureCause.Blocked,
            { Status: >= 400 and < 500 } when answer.Header("x-amzn-errortype") is { } type => Exception(type),
            _ => null,
        });

    private static Finding? Exception(string type) =>
        type.StartsWith("LimitExceeded", StringComparison.Ordinal) ? FailureCause.QuotaExhausted
        : type.StartsWith("MissingAuthenticationToken", StringComparison.Ordinal) ? FailureCause.WrongAddress
        : type.StartsWith("TooManyRequests", StringComparison.Ordinal) || type.StartsWith("Throttling", StringComparison.Ordinal) ? FailureCause.RateLimited
        : type.StartsWith("AccessDenied", StringComparison.Ordinal) || type.Contains("Signature", StringComparison.Ordinal) || type.StartsWith("Expired", StringComparison.Ordinal)
            || type.StartsWith("UnrecognizedClient", StringComparison.Ordinal) ? FailureCause.Credentials
        : null;
}
