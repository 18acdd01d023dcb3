namespace AetherLink.CommandCenter.Deliveries;

/// <summary>The slice's messages. Ids 2300 to 2349.</summary>
internal static partial class Log
{
    [LoggerMessage(2300, LogLevel.Warning, "The queue of deliveries is away: {Reason}")]
    public static partial void QueueIsAway(ILogger logger, string reason);

    [LoggerMessage(2301, LogLevel.Warning, "Leases cannot be held at the moment: {Reason}")]
    public static partial void HolderIsAway(ILogger logger, string reason);

    [LoggerMessage(2302, LogLevel.Warning, "{Attempts} attempts are not recorded yet; it is tried again.")]
    public static partial void RecordingWaits(ILogger logger, int attempts, Exception failure);

    [LoggerMessage(2303, LogLevel.Warning, "Webhook {Id} at {Url} is switched off: {Reason}")]
    public static partial void EndpointDisabled(ILogger logger, Guid id, string url, string reason);

    [LoggerMessage(2304, LogLevel.Information, "Webhook {Id} at {Url} was added from ALERT_WEBHOOKS.")]
    public static partial void EndpointConfigured(ILogger logger, Guid id, string url);

    [LoggerMessage(2305, LogLevel.Information, "Removed {Deliveries} deliveries from before {Before}.")]
    public static partial void Pruned(ILogger logger, long deliveries, DateTimeOffset before);

    [LoggerMessage(2306, LogLevel.Information, "Sealed the secrets of {Webhooks} webhooks with today's mesh key.")]
    public static partial void SecretsSealed(ILogger logger, int webhooks);

    [LoggerMessage(2308, LogLevel.Debug, "Nothing is sent to {Host}: it is at {Address}.")]
    public static partial void AddressBlocked(ILogger logger, string host, System.Net.IPAddress address);

    [LoggerMessage(2307, LogLevel.Error,
        "The secrets of {Webhooks} webhooks cannot be read: MESH_KEY is another than they were sealed with. Set MESH_KEY_PREVIOUS to that one, or rotate the secrets.")]
    public static partial void SecretsLost(ILogger logger, int webhooks);
}
