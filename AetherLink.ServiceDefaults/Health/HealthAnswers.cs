using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AetherLink.ServiceDefaults;

/// <summary><c>/health</c>: ready for work. <c>/alive</c>: the process answers; a restart would not help otherwise.</summary>
internal static class HealthAnswers
{
    private const string Live = "live";

    public static void AddHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);

    public static void MapReadiness(this IEndpointRouteBuilder app) => app.MapAnswer("/health", _ => true);

    public static void MapLiveness(this IEndpointRouteBuilder app) =>
        app.MapAnswer("/alive", check => check.Tags.Contains(Live));

    private static void MapAnswer(this IEndpointRouteBuilder app, string path, Func<HealthCheckRegistration, bool> which) =>
        app.MapHealthChecks(path, new HealthCheckOptions { Predicate = which, ResponseWriter = WriteAsync })
            .OnlyRead().AsProbe();

    // Descriptions are written to be read by anybody; exceptions are not, and stay in the log.
    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            status = Text(report.Status),
            checks = report.Entries.ToDictionary(
                entry => entry.Key,
                entry => new
                {
                    status = Text(entry.Value.Status),
                    description = entry.Value.Description,
                    duration_ms = Math.Round(entry.Value.Duration.TotalMilliseconds, 3),
                },
                StringComparer.Ordinal),
        },
        Json.Wire,
        context.RequestAborted);

    private static string Text(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
