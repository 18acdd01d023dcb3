namespace AetherLink.CommandCenter.Events.Publishing;

/// <summary>The answer to one published event, given after its commit.</summary>
internal sealed record Published(
    string Status, bool Stored, bool Duplicate, string EventType, string EventId, DateTimeOffset ReceivedAt);

/// <summary>The answer to a batch: one result for each event, in their order.</summary>
internal sealed record BatchPublished(
    string Status, int Count, int Stored, int Duplicates, int Rejected, IReadOnlyList<BatchResult> Results);

/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Line">The line it stands on, from 1; null when the batch is an array.</param>
/// <param name="Status">stored, duplicate or rejected.</param>
/// <param name="EventId">The id, given or made; null when it could not be read.</param>
/// <param name="ReceivedAt">When it was first stored.</param>
/// <param name="Code">For a rejected event: the status it would have had alone.</param>
/// <param name="Errors">For a rejected event: what is wrong, by field.</param>
internal sealed record BatchResult(
    int Index, int? Line, string Status, string? EventId, DateTimeOffset? ReceivedAt, int? Code,
    IReadOnlyDictionary<string, string[]>? Errors);
