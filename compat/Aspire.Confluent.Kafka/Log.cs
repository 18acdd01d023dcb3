using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The Kafka client has a log handler of its own; nothing of it is logged here.")]
    public static partial void HandlerAlreadySet(ILogger logger);
}
