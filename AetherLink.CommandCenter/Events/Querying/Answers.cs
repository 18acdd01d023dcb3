namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>
/// A page of events, newest first. It may hold fewer than were asked for, even none: so far one question looks in the time
/// that it has, and <c>next_cursor</c> goes on from there. Only where that is null is the end.
/// </summary>
internal sealed record EventPage(string Status, int Count, string? NextCursor, IReadOnlyList<StoredEvent> Events);

/// <param name="Status">ok.</param>
/// <param name="Total">All that are kept.</param>
/// <param name="Last24h">Those of the last 24 full or begun hours.</param>
/// <param name="BySeverity">Within the hours asked for.</param>
/// <param name="ByType">Within the hours asked for.</param>
/// <param name="ByHour">Within the hours asked for, oldest first; hours without events are zero.</param>
internal sealed record EventStats(
    string Status, long Total, [property: System.Text.Json.Serialization.JsonPropertyName("last_24h")] long Last24h,
    IReadOnlyDictionary<string, long> BySeverity, IReadOnlyDictionary<string, long> ByType, IReadOnlyList<HourCount> ByHour);

internal sealed record HourCount(DateTimeOffset Hour, long Count);
