namespace AetherLink.CommandCenter.Operators;

/// <summary>Ids 2400 to 2449.</summary>
internal static partial class Log
{
    [LoggerMessage(2400, LogLevel.Information, "{Entries} entries of the operator audit older than {Days} days were removed")]
    public static partial void AuditPruned(ILogger logger, long entries, int days);

    [LoggerMessage(2401, LogLevel.Error, "The operator audit's seal after entry {Sequence} is not of this mesh's key: the end was written anew, or the key was changed")]
    public static partial void AuditNotSealed(ILogger logger, long sequence);

    [LoggerMessage(2403, LogLevel.Error, "The operator audit does not hold, and nothing is removed from it: {Reason}")]
    public static partial void AuditNotIntact(ILogger logger, string reason);

    [LoggerMessage(2402, LogLevel.Warning, "A denial was not stored as an event: {Reason}")]
    public static partial void DenialNotStored(ILogger logger, string reason);
}
