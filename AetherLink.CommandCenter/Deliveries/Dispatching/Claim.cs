using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.CommandCenter.Failures;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>A delivery that this replica holds for the time of an attempt.</summary>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="Fence">Grows with each claim: a result counts only while it is the newest.</param>
/// <param name="Failed">Attempts that failed before.</param>
/// <param name="FilledTheRoom">Whether the endpoint may have more that is due.</param>
/// <param name="Notice">What is told if it is given up.</param>
/// <param name="Endpoint">Where it goes.</param>
/// <param name="Message">What is sent.</param>
internal sealed record Claim(Guid DeliveryId, int Fence, int Failed, bool FilledTheRoom, ClaimNotice Notice, Guid Endpoint, Outgoing Message);

internal sealed record ClaimNotice(string TenantId, string EventType, string EventId, string? RuleId);

/// <summary>A request as it goes out.</summary>
/// <param name="MessageId">By which its receiver knows it.</param>
/// <param name="At">
/// When, by Postgres' clock: it is signed with it, and what an endpoint's failures lead to is reckoned from it, by whichever replica.
/// </param>
/// <param name="Endpoint">To whom.</param>
/// <param name="Kind">Which body and headers it wants.</param>
/// <param name="Url">Where to.</param>
/// <param name="Secrets">What it is signed with.</param>
/// <param name="Body">What is sent.</param>
internal sealed record Outgoing(
    string MessageId, DateTimeOffset At, Guid Endpoint, EndpointKind Kind, EndpointUrl Url, SealedSecret[] Secrets, byte[] Body);

/// <summary>How an attempt ended.</summary>
internal sealed record Outcome(DateTimeOffset StartedAt, TimeSpan Duration, int? Status, AttemptError Error, string? Detail, string? ResponseHead)
{
    public TimeSpan? RetryAfter { get; init; }

    public bool IsSuccess => Error is AttemptError.None;

    /// <summary>Gone: the receiver wants no more.</summary>
    public bool IsGone => Status == 410;

    /// <summary>What it is, where it failed: by all that came, or else by what is kept of it.</summary>
    public Diagnosis? Diagnosis
    {
        get => field ?? (IsSuccess ? null : Failures.Diagnosis.Of(new() { Error = Error, Status = Status, Text = Status is null ? Detail : ResponseHead, At = StartedAt }));
        init;
    }

    public Triage? Triage => Scheduling.Triage.Of(Error, Status, Diagnosis?.Cause);
}
