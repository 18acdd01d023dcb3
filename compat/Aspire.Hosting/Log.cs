using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Resource {Resource}: {Before} -> {After}")]
    public static partial void StateChanged(ILogger logger, string resource, string? before, string? after);

    [LoggerMessage(2, LogLevel.Information, "Waiting for '{Dependency}' to be {Wanted}.")]
    public static partial void WaitBegins(ILogger logger, string dependency, string wanted);

    [LoggerMessage(3, LogLevel.Warning, "Still waiting for '{Dependency}' to be {Wanted}, after {Seconds} s: it is {State} ({Reason}).")]
    public static partial void WaitGoesOn(ILogger logger, string dependency, string wanted, int seconds, string state, string reason);

    [LoggerMessage(4, LogLevel.Information, "'{Dependency}' is {Wanted}.")]
    public static partial void WaitEnds(ILogger logger, string dependency, string wanted);

    [LoggerMessage(5, LogLevel.Error, "Failed to start: {Reason}")]
    public static partial void FailedToStart(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Unavailable: {Reason}")]
    public static partial void Unavailable(ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Error, "A listener to its readiness failed, and is asked again: {Reason}")]
    public static partial void ReadyListenerFailed(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Information, "{LineNumber}: {Content}")]
    public static partial void Line(ILogger logger, int lineNumber, string content);

    [LoggerMessage(10, LogLevel.Information, "Published manifest to: {ManifestPath}")]
    public static partial void Published(ILogger logger, string manifestPath);

    [LoggerMessage(9, LogLevel.Error, "{LineNumber}: {Content}")]
    public static partial void ErrorLine(ILogger logger, int lineNumber, string content);
}
