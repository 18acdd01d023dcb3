namespace AetherLink.CommandCenter.Kafka;

/// <summary>The messages of the Kafka clients. Ids 2100 to 2149.</summary>
internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Warning, "Kafka is away ({Topic}): {Reason} It is waited for; what comes over HTTP is not harmed.")]
    public static partial void KafkaIsAway(ILogger logger, string topic, string reason);

    [LoggerMessage(2101, LogLevel.Information, "ConnectionStrings:kafka is not set: {Topic} is not consumed.")]
    public static partial void KafkaIsNotConfigured(ILogger logger, string topic);

    [LoggerMessage(2103, LogLevel.Warning, "The message at {Place} went to the dead letters: {Reason}")]
    public static partial void DeadLetter(ILogger logger, string place, string reason);

    [LoggerMessage(2104, LogLevel.Warning, "The broker no longer has what was next of it: consuming goes on at {Place}, and not at {Expected}. "
        + "What was between them is lost to this service; longer retention of the topic would have kept it.")]
    public static partial void OffsetsAreGone(ILogger logger, string place, long expected);

    [LoggerMessage(2102, LogLevel.Debug, "The producer: {Reason}")]
    public static partial void ProducerError(ILogger logger, string reason);
}
