using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Reading;
using AetherLink.CommandCenter.Failures;

namespace AetherLink.CommandCenter.Insights.Replays;

/// <summary>Deliveries that failed, newest first, with what is to be done about each. The ids of a page can be posted to /alerts/deliveries/replay.</summary>
/// <param name="Status">ok.</param>
/// <param name="Count">Of this page.</param>
/// <param name="Looked">How many were looked at for it.</param>
/// <param name="NextCursor">For the next page.</param>
/// <param name="Recommendations">The page.</param>
internal sealed record ReplayRecommendations(string Status, int Count, int Looked, string? NextCursor, IReadOnlyList<ReplayRecommendation> Recommendations);

/// <param name="DeliveryId">The delivery.</param>
/// <param name="TenantId">Whose.</param>
/// <param name="EndpointId">To whom.</param>
/// <param name="EndpointUrl">Without its path.</param>
/// <param name="Kind">Whose body the endpoint takes.</param>
/// <param name="EventType">What it tells.</param>
/// <param name="EventId">Of which event.</param>
/// <param name="State">failed, while it is still tried, or dead_letter.</param>
/// <param name="Cause">What its last attempt failed by.</param>
/// <param name="HttpStatus">What the receiver answered, if it did.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="GivenUpAt">When it was given up.</param>
/// <param name="Recommendation">retry_now is safe; all others say what it needs first.</param>
/// <param name="Until">Of what is to be waited for, where that is known.</param>
/// <param name="Score">100 less what the reasons cost.</param>
/// <param name="Reasons">Why.</param>
internal sealed record ReplayRecommendation(
    Guid DeliveryId, string TenantId, Guid EndpointId, string EndpointUrl, EndpointKind Kind, string EventType, string EventId, DeliveryStatus State,
    FailureCause Cause, int? HttpStatus, DateTimeOffset CreatedAt, DateTimeOffset? GivenUpAt, Recommendation Recommendation, DateTimeOffset? Until,
    double Score, IReadOnlyList<ReplayTerm> Reasons);
