namespace AetherLink.CommandCenter.Events;

/// <summary>The slice's messages. Ids 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Warning, "The storage did not take a commit of {Submissions} submissions; their callers were told to come back.")]
    public static partial void CommitFailed(ILogger logger, int submissions, Exception failure);

    [LoggerMessage(2001, LogLevel.Error, "A commit of {Submissions} submissions broke.")]
    public static partial void CommitBroke(ILogger logger, int submissions, Exception failure);

    [LoggerMessage(2002, LogLevel.Warning, "A live stream ended early; its reader resumes by its last id.")]
    public static partial void StreamFailed(ILogger logger, Exception failure);

    [LoggerMessage(2003, LogLevel.Information, "Pruned {Events} events from before {Before}.")]
    public static partial void Pruned(ILogger logger, long events, DateTimeOffset before);

    [LoggerMessage(2004, LogLevel.Error, "An own event {EventType} is wrong: {Detail}")]
    public static partial void AnnouncementIsWrong(ILogger logger, string eventType, string detail);

    [LoggerMessage(2005, LogLevel.Warning, "An own event {EventType} was dropped: too many wait for the storage.")]
    public static partial void AnnouncementLost(ILogger logger, string eventType);

    [LoggerMessage(2008, LogLevel.Warning, "Own events, the first of them {EventType}, wait for the storage: {Reason}")]
    public static partial void AnnouncementsWait(ILogger logger, string eventType, string reason);

    [LoggerMessage(2006, LogLevel.Warning, "The live stream waits for the storage: {Reason}")]
    public static partial void FeedWaits(ILogger logger, string reason);

    [LoggerMessage(2007, LogLevel.Debug, "New event types wait for the storage: {Reason}")]
    public static partial void SchemasWait(ILogger logger, string reason);

    [LoggerMessage(2009, LogLevel.Debug, "Looked for what is beyond its retention.")]
    public static partial void PruningDone(ILogger logger);

    [LoggerMessage(2011, LogLevel.Warning, "Kafka is away ({Topic}): {Reason}")]
    public static partial void KafkaIsAway(ILogger logger, string topic, string reason);

    [LoggerMessage(2012, LogLevel.Warning, "The storage did not take {Events} events from Kafka; they are tried again.")]
    public static partial void IngestWaits(ILogger logger, int events, Exception? failure);

    [LoggerMessage(2013, LogLevel.Information, "ConnectionStrings:kafka is not set: {Work} is off.")]
    public static partial void KafkaIsNotConfigured(ILogger logger, string work);
}
