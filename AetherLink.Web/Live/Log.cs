namespace AetherLink.Web.Live;

internal static partial class Log
{
    [LoggerMessage(6201, LogLevel.Information, "Listening to the Command Center's events from {Sequence}")]
    public static partial void Listening(ILogger logger, long sequence);

    [LoggerMessage(6202, LogLevel.Warning, "The Command Center's events are not heard: {Reason}")]
    public static partial void Lost(ILogger logger, string reason);

    [LoggerMessage(6203, LogLevel.Information, "The Command Center ended the stream of events")]
    public static partial void Ended(ILogger logger);

    [LoggerMessage(6204, LogLevel.Warning, "The Command Center does not know position {Sequence}: starting over")]
    public static partial void StartsOver(ILogger logger, long? sequence);

    [LoggerMessage(6205, LogLevel.Information, "A browser of {Person} was cut off with {Waiting} messages waiting")]
    public static partial void CutOff(ILogger logger, string person, int waiting);

    [LoggerMessage(6206, LogLevel.Information, "What a browser had missed could not be read: {Reason}")]
    public static partial void BackfillFailed(ILogger logger, string reason);
}
