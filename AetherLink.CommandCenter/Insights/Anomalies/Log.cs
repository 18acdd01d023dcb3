namespace AetherLink.CommandCenter.Insights.Anomalies;

/// <summary>The slice's messages. Ids 2450, 2451, 2453 to 2469.</summary>
internal static partial class Log
{
    [LoggerMessage(2450, LogLevel.Information, "{Series} series are watched here, of which {Open} are unusual now.")]
    public static partial void Watches(ILogger logger, int series, int open);

    [LoggerMessage(2451, LogLevel.Warning, "There are more series than are watched: what belongs to the others is left out, and counted.")]
    public static partial void TooManySeries(ILogger logger);
}
