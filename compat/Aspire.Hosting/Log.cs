using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Resource {Resource}: {Before} -> {After}")]
    public static partial void StateChanged(ILogger logger, string resource, string? before, string? after);
}
