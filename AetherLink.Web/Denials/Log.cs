namespace AetherLink.Web.Denials;

internal static partial class Log
{
    [LoggerMessage(6401, LogLevel.Warning, "The Command Center is not told whom this gateway has refused: {Reason}")]
    public static partial void DenialsNotTold(ILogger logger, string reason);
}
