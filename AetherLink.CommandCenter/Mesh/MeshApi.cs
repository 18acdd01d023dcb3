using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.CommandCenter.Mesh;

internal static class MeshApi
{
    private static readonly string[] Features =
        [
            "events", "cloudevents", "event-stream", "alerts", "deliveries", "delivery-healing", "catalogue", "health", "autoheal",
            "ai-usage", "retention", "anomalies", "causes", "tenant-analytics",
        ];

    public static void MapMesh(this WebApplication app)
    {
        var self = app.MapGroup("").WithTags("service").RequireAuthorization(Policies.Public);
        self.MapGet("/healthz", GetHealthz).WithName("Healthz").WithSummary("Whether the Command Center itself is well.")
            .Produces<Healthz>(503);
        self.MapGet("/meta", GetMeta).WithName("Meta").WithSummary("What this service offers.");

        var ops = app.MapGroup("/ops").WithTags("mesh");
        ops.MapGet("/ping", (ServiceIdentity identity) => TypedResults.Ok(
                new OpsPing("ok", identity.Name, identity.Version, identity.Instance)))
            .RequireAuthorization(Policies.Public).WithName("OpsPing").WithSummary("Who answers here.");
        ops.MapGet("/health", (HealthBoard board) => TypedResults.Ok(board.Current))
            .RequireAuthorization(Policies.ReadMesh).WithName("MeshHealth")
            .WithSummary("The health of every service, from the last round of probes.");
        ops.MapGet("/events/recent", QueryApi.RecentAsync).RequireAuthorization(Policies.ReadEvents)
            .WithName("OpsRecentEvents").WithSummary("As /events/recent.").ProducesProblem(503);
        ops.MapCatalogue();
        ops.MapHealing();
        ops.MapReconciliation();
    }

    private static Results<Ok<Healthz>, JsonHttpResult<Healthz>> GetHealthz(
        ServiceIdentity identity, HealthBoard board, DatabaseReady database, Uptime uptime)
    {
        string[] reasons = !database.IsReady
            ? ["The schema is not up to date yet."]
            : board.Current.Services.GetValueOrDefault(identity.Resource) is { Status: HealthStatus.Down, Error: { } error } ? [error] : [];
        var seconds = Math.Round(uptime.Elapsed.TotalSeconds, 1);
        return reasons.Length == 0
            ? TypedResults.Ok(new Healthz("healthy", identity.Name, identity.Version, seconds))
            : TypedResults.Json(
                new Healthz("unhealthy", identity.Name, identity.Version, seconds) { Reasons = reasons }, statusCode: 503);
    }

    private static Ok<Meta> GetMeta(ServiceIdentity identity, EndpointDataSource endpoints) => TypedResults.Ok(new Meta(
        identity.Name, identity.Version, "v1", Features,
        [
            .. endpoints.Endpoints.OfType<RouteEndpoint>()
                .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                    .Select(method => $"{method} /{endpoint.RoutePattern.RawText?.Trim('/')}"))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ]));
}

/// <summary>How long this process has been up.</summary>
internal sealed class Uptime(TimeProvider clock)
{
    private readonly long _started = clock.GetTimestamp();

    public TimeSpan Elapsed => clock.GetElapsedTime(_started);
}
