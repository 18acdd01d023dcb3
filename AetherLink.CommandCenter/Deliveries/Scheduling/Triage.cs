using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Failures;

namespace AetherLink.CommandCenter.Deliveries.Scheduling;

/// <summary>What a failure is taken for. The numbers are stored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TriageLabel>))]
internal enum TriageLabel : short
{
    [JsonStringEnumMemberName("unknown")]
    Unknown = 0,
    [JsonStringEnumMemberName("rate_limited")]
    RateLimited = 1,
    [JsonStringEnumMemberName("transient_endpoint_down")]
    TransientEndpointDown = 2,
    [JsonStringEnumMemberName("permanent_4xx")]
    Permanent4xx = 3,
}

/// <summary>A label, how sure it is (0 to 100), and what to do.</summary>
internal sealed record Triage(TriageLabel Label, int Score, string Advice)
{
    /// <summary>What the failure is, more narrowly than its label says.</summary>
    public FailureCause? Cause { get; init; }

    /// <summary>What to do, in one word.</summary>
    public Recommendation? Recommendation { get; init; }

    public const string Listed = "rate_limited, transient_endpoint_down, permanent_4xx or unknown";

    private static readonly Triage RateLimited = new(TriageLabel.RateLimited, 95, "Wait and retry.");
    private static readonly Triage Transient = new(TriageLabel.TransientEndpointDown, 90, "Retry.");
    private static readonly Triage Permanent = new(TriageLabel.Permanent4xx, 85, "Fix by hand: the receiver refuses what it is sent.");
    private static readonly Triage Redirect = new(TriageLabel.Unknown, 60, "Redirects are not followed: give the endpoint its final URL.");
    private static readonly Triage Blocked = new(TriageLabel.Unknown, 60, "The address is not one that is sent to: see DELIVERIES_ALLOWED_NETWORKS.");
    private static readonly Triage Certificate = new(TriageLabel.Unknown, 55, "Look at the receiver's certificate.");
    private static readonly Triage Unknown = new(TriageLabel.Unknown, 50, "Look at the attempts.");

    /// <summary>The first that matches wins; null for what did not fail.</summary>
    public static Triage? Of(AttemptError error, int? status) => (error, status) switch
    {
        (AttemptError.None, _) => null,
        (AttemptError.Status, 429) => RateLimited,
        (AttemptError.Status, >= 500 and <= 599) => Transient,
        (AttemptError.ConnectTimeout or AttemptError.ReadTimeout or AttemptError.Connect or AttemptError.Reset or AttemptError.Dns, _) => Transient,
        (AttemptError.Status, >= 400 and <= 499) => Permanent,
        (AttemptError.Status, >= 300 and <= 399) => Redirect,
        (AttemptError.Blocked, _) => Blocked,
        (AttemptError.Tls, _) => Certificate,
        _ => Unknown,
    };

    /// <summary>
    /// The same, where more is known of it than its number. What is known can only make of a refusal something that goes over: many
    /// say with 400 or 403 that they are busy, or were asked too often.
    /// </summary>
    public static Triage? Of(AttemptError error, int? status, FailureCause? cause)
    {
        if (Of(error, status) is not { } plain || cause is not { } known)
        {
            return Of(error, status);
        }
        var label = plain.Label is TriageLabel.Permanent4xx or TriageLabel.Unknown
            ? known switch
            {
                FailureCause.RateLimited => RateLimited,
                FailureCause.Overloaded or FailureCause.EndpointDown or FailureCause.TimedOut or FailureCause.Unreachable => Transient,
                _ => plain,
            }
            : plain;
        // Of its own failures the plain triage says more.
        return label with
        {
            Cause = known,
            Recommendation = known.Recommendation(),
            Advice = known is FailureCause.Unknown or FailureCause.Ours || status is >= 300 and <= 399 ? plain.Advice : known.Advice(),
        };
    }

    /// <summary>Whether sending it again is likely to do good, and cannot make things worse.</summary>
    public static bool IsSafeToReplay(TriageLabel label) => label is TriageLabel.RateLimited or TriageLabel.TransientEndpointDown;

    public static bool TryParse(string? text, out TriageLabel label)
    {
        (var known, label) = text switch
        {
            "rate_limited" => (true, TriageLabel.RateLimited),
            "transient_endpoint_down" => (true, TriageLabel.TransientEndpointDown),
            "permanent_4xx" => (true, TriageLabel.Permanent4xx),
            "unknown" => (true, TriageLabel.Unknown),
            _ => (false, default),
        };
        return known;
    }

    /// <summary>The same from what was stored.</summary>
    public static Triage Stored(TriageLabel label, AttemptError error, int? status, FailureCause? cause) => Of(error, status, cause) ?? Unknown with { Label = label };
}

internal static class TriageLabels
{
    public static string Name(this TriageLabel label) => label switch
    {
        TriageLabel.RateLimited => "rate_limited",
        TriageLabel.TransientEndpointDown => "transient_endpoint_down",
        TriageLabel.Permanent4xx => "permanent_4xx",
        _ => "unknown",
    };
}
