using System.Net.Http.Headers;

namespace AetherLink.CommandCenter.Deliveries.Scheduling;

/// <summary>What a receiver asks for with 429 and 503.</summary>
internal static class RetryAfter
{
    /// <summary>As long as the longest delay of the schedule: a receiver cannot put a delivery off for ever.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Null where the status does not ask, or the header is absent.</summary>
    public static TimeSpan? Read(int status, RetryConditionHeaderValue? header, DateTimeOffset now) => (status, header) switch
    {
        (not (429 or 503), _) or (_, null) => null,
        (_, { Delta: { } delta }) => Clamp(delta),
        (_, { Date: { } date }) => Clamp(date - now),
        _ => null,
    };

    public static TimeSpan Clamp(TimeSpan asked) => asked < TimeSpan.Zero ? TimeSpan.Zero : asked > Longest ? Longest : asked;
}
