namespace AetherLink.CommandCenter.Insights.Causes;

/// <summary>The slice's messages. Ids 2470 to 2479.</summary>
internal static partial class Log
{
    [LoggerMessage(2470, LogLevel.Debug, "That {Node} does not answer is kept later, since the storage is away too: {Reason}")]
    public static partial void PartFaultWaits(ILogger logger, string node, string reason);
}
