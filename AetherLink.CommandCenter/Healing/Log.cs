namespace AetherLink.CommandCenter.Healing;

/// <summary>The slice's messages. Ids 2350 to 2399.</summary>
internal static partial class Log
{
    [LoggerMessage(2350, LogLevel.Information, "Healing rule '{Rule}' did its {Action} for {Url}.")]
    public static partial void Healed(ILogger logger, string rule, HealingAction action, string url);

    [LoggerMessage(2351, LogLevel.Debug, "AutoHeal does not say how it heals: {Reason}")]
    public static partial void AutoHealIsAway(ILogger logger, string reason);
}
