namespace AetherLink.ServiceDefaults;

/// <summary>Structured lines on standard output.</summary>
internal static class Logging
{
    public static void AddJsonLines(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider, ConsoleLines>();
        builder.Logging.SetMinimumLevel(Level(builder.Configuration["LOG_LEVEL"]));
        // Each of these says in several lines what the request log says in one, or what the one who called says himself.
        foreach (var category in (string[])["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "System.Net.Http", "Npgsql"])
            builder.Logging.AddFilter(category, LogLevel.Warning);
        // It warns at every start that its keys are not encrypted at rest; that is the deployment's to arrange.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // It logs an error when an issuer is away: that is said once, by the one who asks the issuer.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Authentication.JwtBearer", LogLevel.None);
        builder.Logging.AddFilter(typeof(HeaderIdentity).FullName, LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Error);
        // It would name the exception that our own handler has just judged.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    private static LogLevel Level(string? name) => name?.Trim().ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "WARN" or "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "CRITICAL" => LogLevel.Critical,
        _ => LogLevel.Information,
    };
}
