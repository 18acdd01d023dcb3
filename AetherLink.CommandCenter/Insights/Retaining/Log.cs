namespace AetherLink.CommandCenter.Insights.Retaining;

/// <summary>The slice's message. Id 2452.</summary>
internal static partial class Log
{
    [LoggerMessage(2452, LogLevel.Information, "Removed {Anomalies} anomalies, {Verdicts} verdicts and {PartFaults} faults of parts beyond their retention.")]
    public static partial void Pruned(ILogger logger, long anomalies, long verdicts, long partFaults);
}
