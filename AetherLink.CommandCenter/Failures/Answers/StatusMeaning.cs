namespace AetherLink.CommandCenter.Failures.Answers;

/// <summary>What a number says alone: RFC 9110, 6585, 7725, 8470, and those that servers have of their own.</summary>
internal static class StatusMeaning
{
    public static Finding Of(Answer answer) => answer.Status switch
    {
        // Who says when to come again says that it goes over: RFC 9110 of what is too large, others of what is locked, or asked too often.
        409 or 413 or 423 when IsForLater(answer) => FailureCause.Overloaded,
        400 or 403 when IsForLater(answer) => FailureCause.RateLimited,
        >= 300 and <= 399 => FailureCause.WrongAddress,
        // 440 and 498 are of sign-ins that have ended (IIS, Esri), 495 and 496 of the client's certificate (nginx), 561 of a provider of identities (AWS).
        401 or 407 or 440 or 495 or 496 or 498 or 561 => FailureCause.Credentials,
        402 => FailureCause.QuotaExhausted,
        // A page is of whatever stands in front, an application says more in fewer words.
        403 => answer.Text.IsPage ? FailureCause.Blocked : FailureCause.Credentials,
        404 or 405 or 421 or 497 or 501 => FailureCause.WrongAddress,
        408 or 504 or 522 or 524 or 598 => FailureCause.TimedOut,
        410 => FailureCause.Gone,
        413 when answer.Failure.IsOfAModel => FailureCause.TooLong,
        // The Orchestrator has read what is not told here.
        400 when answer.Failure.Kind == "refusal" => FailureCause.RefusedContent,
        429 when answer.Failure.Kind == "credentials" => FailureCause.QuotaExhausted,
        400 or 406 or 411 or 412 or 413 or 414 or 415 or 416 or 417 or 422 or 426 or 428 or 431 or 494 => FailureCause.BadRequest,
        424 or 425 => FailureCause.EndpointDown,
        420 or 429 => FailureCause.RateLimited,
        450 or 451 or 511 => FailureCause.Blocked,
        // Of a shared host: its processes, its transfer of the month.
        508 => FailureCause.Overloaded,
        509 => FailureCause.QuotaExhausted,
        525 or 526 => FailureCause.Certificate,
        529 => FailureCause.Overloaded,
        // Of a model it mostly means that too many ask.
        503 when answer.Failure.IsOfAModel || Waiting.Asked(answer.Failure) > TimeSpan.Zero => FailureCause.Overloaded,
        >= 500 and <= 599 => FailureCause.EndpointDown,
        // A number that nobody has given a meaning, with a time to come again.
        _ => IsForLater(answer) ? FailureCause.Overloaded : FailureCause.Unknown,
    };

    private static bool IsForLater(Answer answer) => answer.Header("Retry-After") is not null && Waiting.Asked(answer.Failure) > TimeSpan.Zero;
}
