using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Failures;

/// <summary>What a failure is. The numbers are stored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureCause>))]
internal enum FailureCause : short
{
    [JsonStringEnumMemberName("unknown")]
    Unknown = 0,

    /// <summary>More was sent than the other side takes in its time.</summary>
    [JsonStringEnumMemberName("rate_limited")]
    RateLimited = 1,

    /// <summary>What was paid for, or granted, is used up: waiting alone does not help.</summary>
    [JsonStringEnumMemberName("quota_exhausted")]
    QuotaExhausted = 2,

    /// <summary>It says that it has too much to do, or is being maintained.</summary>
    [JsonStringEnumMemberName("overloaded")]
    Overloaded = 3,

    /// <summary>The server, or what stands behind it, does not work.</summary>
    [JsonStringEnumMemberName("endpoint_down")]
    EndpointDown = 4,

    [JsonStringEnumMemberName("timed_out")]
    TimedOut = 5,

    /// <summary>No connection, or one that broke.</summary>
    [JsonStringEnumMemberName("unreachable")]
    Unreachable = 6,

    /// <summary>The name does not exist: it is spelled wrong, or it was taken away.</summary>
    [JsonStringEnumMemberName("unknown_name")]
    UnknownName = 7,

    /// <summary>It does not believe who we are, or that we may.</summary>
    [JsonStringEnumMemberName("credentials")]
    Credentials = 8,

    /// <summary>Something in front of it lets nobody like us through: a firewall, an administrator, a country.</summary>
    [JsonStringEnumMemberName("blocked")]
    Blocked = 9,

    /// <summary>It was there, and is no more.</summary>
    [JsonStringEnumMemberName("gone")]
    Gone = 10,

    /// <summary>Nothing at that address takes what is sent: another path, port, host, method or model is meant.</summary>
    [JsonStringEnumMemberName("wrong_address")]
    WrongAddress = 11,

    /// <summary>It does not take what is sent as it is.</summary>
    [JsonStringEnumMemberName("bad_request")]
    BadRequest = 12,

    /// <summary>No trusted, valid certificate, or no common protocol.</summary>
    [JsonStringEnumMemberName("certificate")]
    Certificate = 13,

    [JsonStringEnumMemberName("not_http")]
    NotHttp = 14,

    /// <summary>The request, or the answer, is longer than the model takes.</summary>
    [JsonStringEnumMemberName("too_long")]
    TooLong = 15,

    /// <summary>A model or its operator will not do this.</summary>
    [JsonStringEnumMemberName("refused_content")]
    RefusedContent = 16,

    /// <summary>An answer came that cannot be used.</summary>
    [JsonStringEnumMemberName("bad_answer")]
    BadAnswer = 17,

    /// <summary>It failed here: nothing was sent.</summary>
    [JsonStringEnumMemberName("ours")]
    Ours = 18,

    /// <summary>This service stopped in between.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped = 19,
}

/// <summary>What to do about a failure.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Recommendation>))]
internal enum Recommendation
{
    [JsonStringEnumMemberName("retry_now")]
    RetryNow,
    [JsonStringEnumMemberName("wait_until")]
    WaitUntil,

    /// <summary>Nobody but a person can tell.</summary>
    [JsonStringEnumMemberName("ask")]
    Ask,

    /// <summary>It fails again until something is changed.</summary>
    [JsonStringEnumMemberName("fix")]
    Fix,
}

internal static class Causes
{
    /// <summary>What goes over by itself.</summary>
    public static bool Passes(this FailureCause cause) => cause is FailureCause.RateLimited or FailureCause.Overloaded or FailureCause.EndpointDown or FailureCause.TimedOut
        or FailureCause.Unreachable or FailureCause.BadAnswer or FailureCause.Stopped;

    /// <summary>What is not of one message, but of all that go that way: when one gets through again, it is mended.</summary>
    public static bool IsOfTheWay(this FailureCause cause) => cause is FailureCause.QuotaExhausted or FailureCause.UnknownName or FailureCause.Credentials or FailureCause.Blocked
        or FailureCause.Gone or FailureCause.WrongAddress or FailureCause.Certificate or FailureCause.NotHttp or FailureCause.Ours;

    public static Recommendation Recommendation(this FailureCause cause) => cause switch
    {
        FailureCause.RateLimited or FailureCause.Overloaded => Failures.Recommendation.WaitUntil,
        FailureCause.EndpointDown or FailureCause.TimedOut or FailureCause.Unreachable or FailureCause.BadAnswer or FailureCause.Stopped => Failures.Recommendation.RetryNow,
        FailureCause.Unknown or FailureCause.UnknownName or FailureCause.RefusedContent => Failures.Recommendation.Ask,
        _ => Failures.Recommendation.Fix,
    };

    public static string Advice(this FailureCause cause) => cause switch
    {
        FailureCause.RateLimited => "Wait and retry: less is taken in its time than was sent.",
        FailureCause.QuotaExhausted => "What was paid for or granted is used up: raise it, or wait for its next period.",
        FailureCause.Overloaded => "Wait and retry: it has too much to do, or is being maintained.",
        FailureCause.EndpointDown => "Retry: the server, or what stands behind it, does not work at the moment.",
        FailureCause.TimedOut => "Retry: there was no answer in time.",
        FailureCause.Unreachable => "Retry: there was no connection, or it broke.",
        FailureCause.UnknownName => "Is the name spelled right? It does not exist.",
        FailureCause.Credentials => "Fix the key, the token, the signature or its secret: the other side does not take it.",
        FailureCause.Blocked => "Ask whoever runs the receiver to let this through: a firewall or a rule stands in front of it.",
        FailureCause.Gone => "Take it away, or make it anew: it was there, and is no more.",
        FailureCause.WrongAddress => "Fix the address: nothing there takes what is sent.",
        FailureCause.BadRequest => "Fix what is sent: the other side does not take it as it is.",
        FailureCause.Certificate => "Look at the receiver's certificate and its protocols.",
        FailureCause.NotHttp => "Fix the address: what answers there is not HTTP as it should be.",
        FailureCause.TooLong => "Shorten the text, or take a model that takes more.",
        FailureCause.RefusedContent => "Look at the text: the model, or its operator, will not do this.",
        FailureCause.BadAnswer => "Retry: the answer could not be used.",
        FailureCause.Ours => "Look at the settings here: nothing was sent.",
        FailureCause.Stopped => "Retry: this service stopped in between.",
        _ => "Look at the attempts.",
    };
}
