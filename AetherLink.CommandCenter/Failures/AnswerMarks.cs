namespace AetherLink.CommandCenter.Failures;

/// <summary>
/// Reads an answer: first what its headers say, then its text, then its status. A text is looked at only where its status leaves
/// room for it, so that a word in somebody's page does not turn a 404 into a time-out.
/// </summary>
internal static class AnswerMarks
{
    /// <summary>AWS' gateways name the exception; https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html.</summary>
    private static readonly (string Type, Finding Finding)[] AmazonTypes =
    [
        ("LimitExceededException", FailureCause.QuotaExhausted), ("MissingAuthenticationToken", FailureCause.WrongAddress), ("TooManyRequests", FailureCause.RateLimited),
        ("Throttling", FailureCause.RateLimited), ("AccessDenied", FailureCause.Credentials), ("Signature", FailureCause.Credentials), ("Expired", FailureCause.Credentials),
    ];

    // The first that fits wins: what is narrow stands before what is wide.
    private static readonly Mark[] Texts =
    [
        // The numbers of Cloudflare's own pages.
        .. Marks.Of(400, 599, FailureCause.UnknownName, "error code: 1016"),
        .. Marks.Of(400, 599, FailureCause.EndpointDown, "error code: 1033", "error code: 1101", "error code: 1102"),
        .. Marks.Of(400, 599, FailureCause.RateLimited, "error code: 1015"),
        .. Marks.Of(400, 499, FailureCause.WrongAddress, "error code: 1000", "error code: 1001", "error code: 1003"),
        .. Marks.Of(400, 499, FailureCause.Blocked, "error code: 10"),
        .. Marks.Of(400, 599, FailureCause.Blocked, "<title>Just a moment", "Attention Required!", "you have been blocked"),

        // Models.
        .. Marks.Of(400, 422, FailureCause.TooLong, "context_length_exceeded", "context length", "context limit", "context size", "prompt is too long", "request_too_large",
            "request too large for model", "too many tokens", "input&token&exceed", "prompt&token&exceed", "input&tokens&<="),
        .. Marks.Of(400, 499, FailureCause.RefusedContent, "content_policy", "content_filter", "content filtering", "content management policy", "safety system"),
        .. Marks.Of(500, 599, FailureCause.BadRequest, "requires more system memory"),
        .. Marks.Of(500, 599, FailureCause.EndpointDown, "runner process has terminated"),

        .. Marks.Of(400, 599, FailureCause.Overloaded, "service resource is being rate limited", "queue is full", "overloaded", "serverbusy",
            "at capacity", "capacity exceeded", "capacity problems", "reset reason: overflow", "loading model", "nocapacity", "high demand"),
        .. Marks.Of(500, 599, FailureCause.Overloaded, "maintenance", "busy", "currently loading"),
        .. Marks.Of(400, 428, FailureCause.RateLimited, "rate limit", "rate_limit", "abuse detection", "throttl"),
        .. Marks.Of(500, 599, FailureCause.RateLimited, "slowdown", "slow_down", "reduce your request rate", "too many requests", "throttl"),

        // What was there.
        .. Marks.Of(400, 404, FailureCause.Gone, "unknown webhook", "unknown channel", "channel_not_found", "channel_is_archived", "no_service", "no_team", "team_disabled",
            "user_not_found", "please unsubscribe", "no scenario listening", "must be active", "workflownotfound", "workflowtriggerisnotenabled",
            "connector configuration not found", "deployment_not_found", "chat not found", "webhook&not found", "webhook&deleted", "webhook&disabled"),
        .. Marks.Of(400, 400, FailureCause.Gone, "invalid webhook"),

        // Tunnels and sites that are switched off for a while.
        .. Marks.Of(400, 499, FailureCause.EndpointDown, "err_ngrok_3200", "err_ngrok_8012"),
        .. Marks.Of(403, 403, new Finding(FailureCause.EndpointDown, Recommendation.Ask), "web app is stopped"),

        .. Marks.Of(400, 499, FailureCause.WrongAddress, "sent to https port", "invalid hostname", "csrf", "not configured to allow the http request method",
            "unknown domain", "missing authentication token"),
        .. Marks.Of(500, 599, FailureCause.WrongAddress, "unknown domain"),
        .. Marks.Of(400, 406, FailureCause.Blocked, "request blocked", "request is blocked", "rbac: access denied", "action_prohibited", "channel_denied", "administrative rules",
            "mod_security", "unsupported_country", "location is not supported", "firewall rules", "request not allowed"),
        .. Marks.Of(400, 400, FailureCause.Credentials, "api key", "api_key", "organization&disabled", "signature", "timestamp too", "certificate was sent", "certificate error"),
        .. Marks.Of(500, 599, FailureCause.TimedOut, "timed out", "timeout", "deadline_exceeded"),
    ];

    // Money and grants, which several call a rate limit. What says in how many seconds it goes on is one.
    private static readonly Mark[] Quotas =
    [
        .. Marks.Of(400, 499, FailureCause.QuotaExhausted, "error code: 1027", "quota", "credit balance", "insufficient credits", "insufficient balance", "available credits",
            "included credits", "credits exceeded", "budget&exceeded", "usage limits", "billing", "spending limit", "daily limit", "monthly limit", "request limit. err_ngrok"),
    ];

    // A resource that is exhausted may be a minute's.
    private static readonly Mark[] Limits = [.. Marks.Of(429, 429, FailureCause.RateLimited, "check quota", "resource_exhausted"), .. Marks.Of(403, 429, FailureCause.RateLimited, "quota&per minute", "quota&per second")];

    public static Finding Read(Failure failure, int status)
    {
        var text = failure.Text ?? "";
        return Headers(failure, status) ?? Marks.First(Limits, status, text)
            ?? (Waiting.Asked(failure) is null ? Marks.First(Quotas, status, text) : null)
            ?? Marks.First(Texts, status, text) ?? Status(failure, status, text);
    }

    private static Finding? Headers(Failure failure, int status)
    {
        if (failure.Header("cf-mitigated") is not null || failure.Header("x-amzn-waf-action") is not null)
        {
            return FailureCause.Blocked;
        }
        if (status == 403 && failure.Header("x-ratelimit-remaining") is "0")
        {
            return FailureCause.RateLimited;
        }
        if (status >= 500 && failure.Header("x-envoy-overloaded") is not null)
        {
            return FailureCause.Overloaded;
        }
        if (status is >= 400 and < 500 && failure.Header("x-amzn-errortype") is { } type)
        {
            foreach (var (known, finding) in AmazonTypes)
            {
                if (type.Contains(known, StringComparison.OrdinalIgnoreCase))
                {
                    return finding;
                }
            }
        }
        return null;
    }

    private static Finding Status(Failure failure, int status, string text) => status switch
    {
        >= 300 and <= 399 => FailureCause.WrongAddress,
        401 or 407 => FailureCause.Credentials,
        402 => FailureCause.QuotaExhausted,
        // A page is of whatever stands in front, an application says more in fewer words.
        403 => text.Contains("does not have permission", StringComparison.OrdinalIgnoreCase) ? FailureCause.Credentials
            : text.Contains("<html", StringComparison.OrdinalIgnoreCase) || text.Contains("<!doctype", StringComparison.OrdinalIgnoreCase) ? FailureCause.Blocked : FailureCause.Credentials,
        404 or 405 or 421 or 501 => FailureCause.WrongAddress,
        408 or 504 or 522 or 524 => FailureCause.TimedOut,
        410 => FailureCause.Gone,
        413 when failure.IsOfAModel => FailureCause.TooLong,
        // The Orchestrator has read what is not told here.
        400 when failure.Kind == "refusal" => FailureCause.RefusedContent,
        429 when failure.Kind == "credentials" => FailureCause.QuotaExhausted,
        400 or 406 or 411 or 412 or 413 or 414 or 415 or 416 or 417 or 422 or 426 or 428 or 431 => FailureCause.BadRequest,
        424 or 425 => FailureCause.EndpointDown,
        429 => FailureCause.RateLimited,
        451 or 511 => FailureCause.Blocked,
        525 or 526 => FailureCause.Certificate,
        529 => FailureCause.Overloaded,
        // Of a model it mostly means that too many ask.
        503 when failure.IsOfAModel || Waiting.Asked(failure) > TimeSpan.Zero => FailureCause.Overloaded,
        >= 500 and <= 599 => FailureCause.EndpointDown,
        _ => FailureCause.Unknown,
    };
}
