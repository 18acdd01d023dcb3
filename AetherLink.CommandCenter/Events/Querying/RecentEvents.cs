namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>The list of events, page by page.</summary>
internal sealed class RecentEvents(EventReader reader, Stretches stretches, Walk walk)
{
    public async Task<EventPage> PageAsync(long before, EventFilter filter, int limit, CancellationToken cancellationToken)
    {
        // A trace has few events, and an index finds them all at once.
        var walked = filter.TraceId is null
            ? await walk.BackAsync(await stretches.OfAsync(filter, before, cancellationToken), limit, Read, one => one.Sequence)
            : Whole(await reader.BeforeAsync(before, filter, limit + 1, cancellationToken), limit);
        return new("ok", walked.Page.Count, walked.NextBefore is { } next ? new Cursor(next).ToString() : null, walked.Page);

        Task<IReadOnlyList<StoredEvent>> Read(Stretch slice, int most) => reader.BackAsync(slice, filter, most, cancellationToken);
    }

    private static Walked<StoredEvent> Whole(IReadOnlyList<StoredEvent> events, int limit) =>
        events.Count > limit ? new([.. events.Take(limit)], events[limit - 1].Sequence) : new(events, null);
}
