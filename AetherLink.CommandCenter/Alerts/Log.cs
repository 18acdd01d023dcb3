namespace AetherLink.CommandCenter.Alerts;

/// <summary>The slice's messages. Ids 2310 to 2329.</summary>
internal static partial class Log
{
    [LoggerMessage(2310, LogLevel.Information, "{Rules} alert rules are evaluated, as of revision {Revision}.")]
    public static partial void RulesTaken(ILogger logger, int rules, long revision);

    [LoggerMessage(2311, LogLevel.Warning, "Alert rule {RuleId} has more groups of tenant {TenantId} than windows are kept for: some events are not counted.")]
    public static partial void TooManyGroups(ILogger logger, Guid ruleId, string tenantId);

    [LoggerMessage(2312, LogLevel.Information, "Removed {Alerts} alerts and {Silences} silences beyond their retention.")]
    public static partial void Pruned(ILogger logger, long alerts, long silences);
}
