using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Failed to validate the token.", EventName = "TokenValidationFailed")]
    public static partial void TokenValidationFailed(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "Successfully validated the token.", EventName = "TokenValidationSucceeded")]
    public static partial void TokenValidationSucceeded(ILogger logger);

    [LoggerMessage(3, LogLevel.Error, "Exception occurred while processing message.", EventName = "ProcessingMessageFailed")]
    public static partial void ErrorProcessingMessage(ILogger logger, Exception exception);
}
