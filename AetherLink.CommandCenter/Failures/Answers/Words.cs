namespace AetherLink.CommandCenter.Failures.Answers;

/// <summary>
/// What errors are called, by whoever calls them so. In the form of <see cref="AnswerText"/>: small letters, one space around each word. The first that
/// fits wins: what is narrow stands before what is wide.
/// </summary>
internal static class Words
{
    /// <summary>Where one comes from, which no key and no money changes.</summary>
    public static readonly Mark[] Origins =
    [
        .. Marks.Of(400, 422, FailureCause.Blocked,
            "whitelist|allowlist|allow list|white list|blacklist|denylist|blocklist",
            " ip | ips |ip address&not allowed|denied|restrict|not permitted|not authorized|forbidden|rejected|blocked|"
                + "unregistered",
            " country| region |territory|jurisdiction|your location|user location&not supported|unsupported|not available|"
                + "not allowed|blocked|restricted|denied"),
    ];

    /// <summary>What was paid for, or granted for long.</summary>
    public static readonly Mark[] Money =
    [
        .. Marks.Of(400, 499, FailureCause.QuotaExhausted,
            "quota",
            " credit |credits",
            "insufficient balance|insufficient funds|insufficient account|balance is|not enough balance|account balance|"
                + "low balance",
            "billing|unpaid|past due|overdue|invoice|arrear|payment required|lack of payment|outstanding payment|"
                + "payment method|payment is|payment due|payment failed|make a payment",
            "budget&exceed|exhausted|limit|reached",
            "spending limit|spend limit|spending cap|hard limit|usage limit|usage cap",
            "monthly|daily|weekly| month | day |today&limit|maximum|exceed|cap |allowance|allocation|used up",
            "plan limit|limit of your plan|plan s limit|your current plan|current plan|plan restricted|plan does not|"
                + "upgrade your|upgrade to|free tier|free plan",
            "trial&expired|ended|over |limit",
            "subscription&expired|inactive|cancelled|canceled|ended|suspended|active subscription|no active|required|needed",
            "request limit exceeded&total requests|organization|org "),
        .. Marks.Of(500, 599, FailureCause.QuotaExhausted,
            "quota exceeded|quota limit|quota reached|insufficient quota|over quota|bandwidth limit exceeded|usage limit|billing|unpaid"),
    ];

    /// <summary>Names of what no waiting helps against, even where a time is told.</summary>
    public static readonly Mark[] Unpaid = [.. Marks.Of(400, 599, FailureCause.QuotaExhausted,
        "insufficient quota|billing|payment|insufficient credit|insufficient balance|budget exceeded|arrear|overdue")];

    /// <summary>So short that it is waited for.</summary>
    public static readonly Mark[] Windows =
    [
        .. Marks.Of(400, 599, FailureCause.RateLimited,
            " minute| minutes| second| seconds| per min | per sec | hourly| per hour| an hour| hour | hours | concurren| rpm | tpm | rps |"
                + " qps |resource exhausted|check quota|throttl|rate limit quota"),
    ];

    /// <summary>What goes over by itself.</summary>
    public static readonly Mark[] Passing =
    [
        .. Marks.Of(400, 599, FailureCause.Overloaded,
            "overload",
            "at capacity|no capacity|capacity exceeded|capacity problem|over capacity|insufficient capacity|out of capacity|"
                + "exceeded capacity|capacity limit",
            "queue is full|queue full|queue limit|backpressure|back pressure",
            "server busy|server is busy|service busy|service is busy|too busy|currently busy|is busy",
            "high demand|high load|high traffic|heavy load|load shed|reduced capacity"),
        .. Marks.Of(429, 599, FailureCause.Overloaded, "not ready", "rejected execution|circuit breaking|flood stage"),
        .. Marks.Of(500, 599, FailureCause.Overloaded,
            "maintenance",
            " busy ",
            "too many connections|too many concurrent|concurrency limit|resource limit is reached|reached its limit"),
        .. Marks.Of(400, 428, FailureCause.RateLimited,
            "rate limit|ratelimit|rate exceeded|rate is exceeded",
            "too many requests|toomanyrequests|too many calls|too many messages|too frequent|too quickly|slow down",
            "throttl|flood control|flow control|abuse detection",
            "request limit|call limit|requests limit&reached|exceeded|hit",
            "throughput exceeded|abnormal usage|too many concurrent|concurrency limit|concurrent&exceed|reached",
            "requests per|calls per|messages per&second|minute|hour"),
        .. Marks.Of(500, 599, FailureCause.RateLimited,
            "rate limit|ratelimit|rate exceeded|spike arrest",
            "too many requests|throttl|slow down|slowdown|request rate"),
        .. Marks.Of(500, 599, FailureCause.TimedOut,
            "timed out|time out|timeout|timedout|deadline exceeded|took too long|in time |within the time|within the specified time|"
                + "not respond within"),
        .. Marks.Of(500, 599, FailureCause.UnknownName,
            "nxdomain|no such host|hostname not found|host name not found|hostname not resolved|could not resolve host|"
                + "name does not exist|name or service not known|enotfound"),
        .. Marks.Of(500, 599, FailureCause.Certificate,
            "cert has expired|self signed cert|unable to verify leaf|unable to get issuer cert|altname invalid|unknown authority",
            "certificate&expired|verify failed|verification failed|not trusted|untrusted|invalid|unknown authority|"
                + "self signed|mismatch",
            "ssl handshake|tls handshake&fail|error"),
    ];

    /// <summary>What does not.</summary>
    public static readonly Mark[] Lasting =
    [
        .. Marks.Of(400, 499, FailureCause.WrongAddress,
            "https port|http port|invalid hostname|invalid host |unknown domain|csrf",
            "not configured to allow the http request method"),
        // Whom it does not believe comes before what is no more: a key that was deleted is a key.
        .. Marks.Of(400, 422, FailureCause.Credentials,
            "api key|apikey|api token|access token|auth token|bearer|invalid token|token is invalid|token invalid|"
                + "token expired|expired token|token has expired|token is expired|jwt",
            "signature|hmac",
            "credential|unauthorized|unauthorised|not authorized|unauthenticated|authentication",
            // RFC 6749 and 6750, and the names of those who sign.
            "invalid client|invalid grant|invalid scope|insufficient scope|unrecognized client|client token|clock skew|time too skewed",
            "ssl certificate|client certificate|certificate was sent|certificate error",
            "message timestamp|request timestamp|webhook timestamp|timestamp header|timestamp is|timestamp outside&too|old|"
                + "tolerance|expired|skew",
            "token|key|secret|account|user|organization|organisation|workspace&revoked|deactivated|disabled|suspended| locked"),
        .. Marks.Of(400, 422, FailureCause.Gone,
            "no longer&exist|available|active|valid|supported|accept|listen",
            "been|was|is&deleted|removed|archived|retired|decommissioned|discontinued|deactivated|unsubscribed|disabled|inactive",
            " webhook | hook | endpoint | workflow | integration | flow | scenario | channel | subscription | trigger |"
                + " device &disabled|inactive|not active|not enabled|not registered|must be active|paused|turned off|switched off",
            " webhook | channel | workflow | scenario &not found|not exist|unknown",
            "unsubscribe|no scenario listening|archived"),
        .. Marks.Of(400, 400, FailureCause.Gone, "invalid webhook"),
        .. Marks.Of(400, 422, FailureCause.Blocked,
            "request blocked|request is blocked|request was blocked|access blocked|been blocked|blocked by a|blocked by our|"
                + "blocked by the|blocked by your",
            "firewall| waf |mod security|captcha|are you a robot|are you human|unusual traffic|human verification",
            "administrative rules|security policy|security rule|security rules|access control policy|rbac|action prohibited|"
                + "channel denied|request not allowed",
            "banned| ban "),
        .. Marks.Of(400, 499, FailureCause.EndpointDown,
            "connection refused|upstream connect|bad gateway|backend is down|is offline|temporarily unavailable|"
                + "currently unavailable|not currently responding|is not responding",
            "tunnel&not found|offline|unavailable"),
    ];

    /// <summary>What is for programs is believed in fewer words.</summary>
    public static readonly Mark[] Names =
    [
        .. Marks.Of(400, 400, FailureCause.Credentials, "access denied|accessdenied|permission|forbidden| auth "),
        .. Marks.Of(400, 400, FailureCause.WrongAddress,
            "not found|no such|does not exist|unknown route|no route|method not allowed|unsupported method|invalid url"),
        .. Marks.Of(403, 404, FailureCause.Gone, " gone | deleted | archived | inactive | unregistered "),
        .. Marks.Of(403, 403, FailureCause.Blocked, " blocked "),
        .. Marks.Of(400, 400, FailureCause.TimedOut, "request timeout"),
        .. Marks.Of(409, 409, FailureCause.BadRequest, "validation|invalid request|malformed"),
    ];
}
