namespace AetherLink.CommandCenter.Following;

/// <summary>The slice's messages. Ids 2300 to 2309.</summary>
internal static partial class Log
{
    [LoggerMessage(2300, LogLevel.Information, "{Follower} follows the events here, from {Position} on.")]
    public static partial void Leads(ILogger logger, string follower, long position);

    [LoggerMessage(2301, LogLevel.Warning, "{Follower} lost its connection to the storage; whoever gets the lock goes on. {Reason}")]
    public static partial void LostTheLead(ILogger logger, string follower, string reason);
}
