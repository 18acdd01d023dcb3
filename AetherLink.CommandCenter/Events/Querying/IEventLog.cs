namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>The events in the order of their commits.</summary>
internal interface IEventLog
{
    /// <summary>The newest number that was given out.</summary>
    Task<long> HeadAsync(CancellationToken cancellationToken);

    /// <summary>What comes after one number, up to another, oldest first.</summary>
    Task<IReadOnlyList<StoredEvent>> AfterAsync(
        long after, long upTo, EventFilter filter, int limit, CancellationToken cancellationToken);
}
