namespace AetherLink.ServiceDefaults;

/// <summary>Ids 1000 to 1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information,
        "{Method} {Endpoint} {Status} in {DurationMs} ms for {User} ({UserRoles}) of {TenantId} from {ClientIp}")]
    public static partial void Request(
        ILogger logger, string endpoint, string method, int status, double durationMs, string user,
        IReadOnlyCollection<string> userRoles, string? tenantId, string? clientIp);

    [LoggerMessage(1001, LogLevel.Error, "{Method} {Endpoint} failed")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string method, string endpoint);

    [LoggerMessage(1010, LogLevel.Critical,
        "RBAC_ENABLED is false: every endpoint of this service is open to everybody. Never outside of a test.")]
    public static partial void AuthorizationIsOff(ILogger logger);

    [LoggerMessage(1011, LogLevel.Warning, "The issuer at {Address} does not answer: {Reason} Tokens of keys that are not known yet wait for it")]
    public static partial void IssuerIsAway(ILogger logger, string address, string reason);

    [LoggerMessage(1012, LogLevel.Information, "The issuer at {Address} answers again")]
    public static partial void IssuerIsBack(ILogger logger, string address);

    [LoggerMessage(1020, LogLevel.Error, "{Loop} failed; it starts again in {DelaySeconds} s")]
    public static partial void LoopFailed(ILogger logger, Exception exception, string loop, double delaySeconds);

    [LoggerMessage(1030, LogLevel.Warning,
        "DATA_DIR is not set: what this process has not yet handed on does not survive it. It is kept in {Folder}.")]
    public static partial void DataFolderIsTemporary(ILogger logger, string folder);

    [LoggerMessage(1031, LogLevel.Warning, "The spool of {Topic} ended in {Bytes} bytes of an unfinished record; they are dropped")]
    public static partial void SpoolTorn(ILogger logger, string topic, long bytes);

    [LoggerMessage(1032, LogLevel.Error, "The spool of {Topic} cannot be read from byte {Position}; it goes on at {Next}")]
    public static partial void SpoolUnreadable(ILogger logger, string topic, long position, long next);

    [LoggerMessage(1033, LogLevel.Error, "The spool of {Topic} takes nothing more: it holds {Pending} records, {Bytes} bytes")]
    public static partial void SpoolFull(ILogger logger, string topic, long pending, long bytes);

    [LoggerMessage(1034, LogLevel.Error, "The spool of {Topic} could not be written")]
    public static partial void SpoolFailed(ILogger logger, Exception exception, string topic);

    [LoggerMessage(1035, LogLevel.Information, "{Pending} records of {Topic} are left from before; they are being handed on")]
    public static partial void SpoolRecovered(ILogger logger, string topic, long pending);

    [LoggerMessage(1036, LogLevel.Warning, "ConnectionStrings:kafka is not set: {Topic} is only spooled, and goes nowhere")]
    public static partial void KafkaIsNotConfigured(ILogger logger, string topic);

    [LoggerMessage(1037, LogLevel.Warning, "Kafka is away; {Topic} is spooled until it is back: {Reason}")]
    public static partial void KafkaIsAway(ILogger logger, string topic, string reason);

    [LoggerMessage(1038, LogLevel.Information, "Kafka is back; {Topic} is being handed on")]
    public static partial void KafkaIsBack(ILogger logger, string topic);

    [LoggerMessage(1039, LogLevel.Error, "Kafka refuses a record of {Topic}, {Bytes} bytes, for good: {Reason}. It is kept in {File}")]
    public static partial void RecordRejected(ILogger logger, string topic, int bytes, string reason, string file);

    [LoggerMessage(1040, LogLevel.Warning, "Events are not published: {Reason}")]
    public static partial void EventsNotPublished(ILogger logger, string reason);

    [LoggerMessage(1041, LogLevel.Warning, "The disk does not take how far the spool of {Topic} was handed on; should this process die, some of it is handed on twice")]
    public static partial void SpoolPositionNotKept(ILogger logger, string topic);

    [LoggerMessage(1042, LogLevel.Critical, "Kafka refuses a record of {Topic}, {Bytes} bytes, for good: {Reason}. The disk does not take it either: it is lost")]
    public static partial void RecordLost(ILogger logger, string topic, int bytes, string reason);

    [LoggerMessage(1050, LogLevel.Warning, "Grafana does not take annotations: {Reason}")]
    public static partial void AnnotationsFail(ILogger logger, string reason);

    [LoggerMessage(1051, LogLevel.Warning, "Grafana does not give its annotations: {Reason}")]
    public static partial void AnnotationsUnread(ILogger logger, string reason);

    [LoggerMessage(1052, LogLevel.Warning, "Which annotations are open is not kept: {Reason}")]
    public static partial void RegionsNotKept(ILogger logger, string reason);

    [LoggerMessage(1060, LogLevel.Information, "Schema {Schema} is being brought up to date")]
    public static partial void Migrating(ILogger logger, string schema);

    [LoggerMessage(1061, LogLevel.Information, "Schema {Schema} is up to date")]
    public static partial void Migrated(ILogger logger, string schema);

    [LoggerMessage(1062, LogLevel.Information, "Postgres is not there yet: {Reason}")]
    public static partial void WaitingForPostgres(ILogger logger, string reason);
}
