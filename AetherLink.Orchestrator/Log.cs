namespace AetherLink.Orchestrator;

/// <summary>Ids 3000 to 3999. Never a text of a caller or of a model.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "The chain of {File} is in force: {Providers}")]
    public static partial void ChainInForce(ILogger logger, string file, string providers);

    [LoggerMessage(3001, LogLevel.Information, "{File} was edited; its chain is in force: {Providers}")]
    public static partial void ChainReloaded(ILogger logger, string file, string providers);

    [LoggerMessage(3002, LogLevel.Error, "The edit was not taken, and the chain before it stays in force: {Faults}")]
    public static partial void ChainRejected(ILogger logger, string faults);

    [LoggerMessage(3010, LogLevel.Warning, "Provider {Provider} failed at {Intent} after {LatencyMs} ms, {ErrorClass}: {Error}")]
    public static partial void ProviderFailed(ILogger logger, string provider, string intent, double latencyMs, string errorClass, string error);

    [LoggerMessage(3011, LogLevel.Warning, "No provider answered {Intent} for tenant {TenantId}")]
    public static partial void AllFailed(ILogger logger, string intent, string tenantId);

    [LoggerMessage(3012, LogLevel.Error, "Provider {Provider} threw what it should not")]
    public static partial void ProviderBroken(ILogger logger, Exception exception, string provider);

    [LoggerMessage(3013, LogLevel.Warning, "Provider {Provider} is not asked until {Until}, after {ErrorClass}")]
    public static partial void ProviderSuspended(ILogger logger, string provider, DateTimeOffset until, string errorClass);

    [LoggerMessage(3014, LogLevel.Information, "Provider {Provider} answers again")]
    public static partial void ProviderRecovered(ILogger logger, string provider);

    [LoggerMessage(3015, LogLevel.Error, "A call of {Intent} ended as it should not")]
    public static partial void CallBroken(ILogger logger, Exception exception, string intent);

    [LoggerMessage(3020, LogLevel.Error, "The audit spool is full; calls are answered 503 until it drains")]
    public static partial void AuditRefused(ILogger logger);

    [LoggerMessage(3021, LogLevel.Error, "The mesh cannot be told of a call: its record cannot be read")]
    public static partial void CallNotTold(ILogger logger, Exception exception);

    [LoggerMessage(3030, LogLevel.Warning, "The tenants' budgets cannot be asked for; calls go on with what is leased: {Reason}")]
    public static partial void BudgetsAreAway(ILogger logger, string reason);

    [LoggerMessage(3031, LogLevel.Information, "The tenants' budgets can be asked for again")]
    public static partial void BudgetsAreBack(ILogger logger);

    [LoggerMessage(3032, LogLevel.Error, "The journal of what was spent cannot be written; a restart would forget it")]
    public static partial void BudgetJournalFailed(ILogger logger, Exception exception);

    [LoggerMessage(3033, LogLevel.Warning, "The sums of what was used cannot be stored, and are kept until they can: {Reason}")]
    public static partial void UsageIsNotStored(ILogger logger, string reason);

    [LoggerMessage(3034, LogLevel.Information, "The sums of what was used are stored again")]
    public static partial void UsageIsStoredAgain(ILogger logger);
}
