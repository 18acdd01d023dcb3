namespace AetherLink.CommandCenter.Mesh;

/// <summary>The slice's messages. Ids 2150 to 2199.</summary>
internal static partial class Log
{
    [LoggerMessage(2150, LogLevel.Warning, "The registered services could not be read; those known before are probed. {Reason}")]
    public static partial void CatalogueIsOld(ILogger logger, string reason);

    [LoggerMessage(2151, LogLevel.Warning, "AutoHeal answered badly: {Reason}")]
    public static partial void AutoHealAnsweredBadly(ILogger logger, string reason);

    [LoggerMessage(2152, LogLevel.Warning, "AutoHeal is away: {Reason}")]
    public static partial void AutoHealIsAway(ILogger logger, string reason);

    [LoggerMessage(2153, LogLevel.Debug, "What was last told of {Subject} could not be read: {Reason} The next probe asks again.")]
    public static partial void VersionWaits(ILogger logger, string subject, string reason);
}
