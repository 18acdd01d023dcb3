namespace AetherLink.ServiceDefaults;

/// <summary>Metrics, traces and logs, as OpenTelemetry has them.</summary>
internal static class Telemetry
{
    public const string MeterName = "AetherLink.ServiceDefaults";

    public static void AddTelemetry(this WebApplicationBuilder builder) => builder.Services.AddMetrics();

    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", () => TypedResults.Ok()).AsProbe();
}
