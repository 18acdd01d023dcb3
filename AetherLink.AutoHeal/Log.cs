namespace AetherLink.AutoHeal;

/// <summary>Ids 4000 to 4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Warning, "{Target} is healed by {Action}: {Reason} (asked for by {RequestedBy}, forced: {Forced})")]
    public static partial void HealBegins(ILogger logger, string target, string action, string reason, string? requestedBy, bool forced);

    [LoggerMessage(4001, LogLevel.Information, "The {Action} of {Target} ended after {DurationMs} ms, success: {Success}. {Message}")]
    public static partial void HealEnded(ILogger logger, string target, string action, bool success, double durationMs, string message);

    [LoggerMessage(4002, LogLevel.Warning, "{Target} is down and is not restarted ({Bar}): {Why}")]
    public static partial void HealSuppressed(ILogger logger, string target, string bar, string why);

    [LoggerMessage(4003, LogLevel.Warning, "The fleet brake is {Change}: {Down} of {Counted} targets are down")]
    public static partial void BrakeChanged(ILogger logger, string change, int down, int counted);

    [LoggerMessage(4004, LogLevel.Critical, "{Target} is given up to a person: {Why}")]
    public static partial void HealEscalated(ILogger logger, string target, string why);

    [LoggerMessage(4005, LogLevel.Information, "{Target} is well again after {Seconds} s; {How}")]
    public static partial void Recovered(ILogger logger, string target, double seconds, string how);

    [LoggerMessage(4010, LogLevel.Error, "A look at {Target} failed")]
    public static partial void LookFailed(ILogger logger, Exception exception, string target);

    [LoggerMessage(4011, LogLevel.Information, "Services are watched, and not restarted from here: {Why}")]
    public static partial void NoServiceControl(ILogger logger, string why);

    [LoggerMessage(4020, LogLevel.Warning, "Postgres is away ({Reason}); heals go to the journal")]
    public static partial void StorageLost(ILogger logger, string reason);

    [LoggerMessage(4021, LogLevel.Information, "Postgres is there; {Count} heals of the journal are being stored")]
    public static partial void StorageFound(ILogger logger, int count);

    [LoggerMessage(4022, LogLevel.Error, "The file {File} is damaged and was set aside")]
    public static partial void JournalDamaged(ILogger logger, Exception exception, string file);

    [LoggerMessage(4023, LogLevel.Error, "The file {File} could not be written")]
    public static partial void JournalNotWritten(ILogger logger, Exception exception, string file);

    [LoggerMessage(4024, LogLevel.Error, "Postgres does not take the heal {Heal}: {Reason}")]
    public static partial void StorageRefused(ILogger logger, Guid? heal, string reason);

    [LoggerMessage(4025, LogLevel.Error, "{Target} is not restarted for {Person}: the spool of the operator audit does not take it")]
    public static partial void RestartNotOnRecord(ILogger logger, string target, string person);

    [LoggerMessage(4026, LogLevel.Warning, "Postgres cannot be used ({Reason}); it is looked for every second")]
    public static partial void StorageNotFound(ILogger logger, string reason);

    [LoggerMessage(4030, LogLevel.Information, "No Docker engine answers ({Reason}); containers are not watched until one does")]
    public static partial void EngineAbsent(ILogger logger, string reason);

    [LoggerMessage(4031, LogLevel.Information, "The Docker engine answers; {Count} containers are enrolled")]
    public static partial void EngineFound(ILogger logger, int count);

    [LoggerMessage(4032, LogLevel.Warning, "The container {Container} has a label {Label} that is no http address: {Value}")]
    public static partial void LabelIsNoAddress(ILogger logger, string container, string label, string value);

    [LoggerMessage(4033, LogLevel.Warning, "The engine does not tell of the container {Container} ({Reason}); what it said last still counts")]
    public static partial void ContainerNotTold(ILogger logger, string container, string reason);

    [LoggerMessage(4040, LogLevel.Warning, "The Command Center's catalogue cannot be read ({Reason}); what it said last is still watched")]
    public static partial void CatalogueAway(ILogger logger, string reason);

    [LoggerMessage(4041, LogLevel.Information, "The Command Center's catalogue names {Count} services that are watched and not enrolled")]
    public static partial void CatalogueRead(ILogger logger, int count);
}
