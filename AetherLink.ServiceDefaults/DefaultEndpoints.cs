namespace AetherLink.ServiceDefaults;

/// <summary>What every service answers about itself.</summary>
internal static class DefaultEndpoints
{
    public static void MapPing(this IEndpointRouteBuilder app, ServiceDefaultsOptions options) =>
        app.MapGet("/ping", (ServiceIdentity identity, Enforcement enforcement, HttpContext context) =>
            {
                var answer = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["status"] = "ok",
                    ["service"] = identity.Name,
                    ["version"] = identity.Version,
                };
                // For the banner of whoever shows this service to people.
                if (!enforcement.IsOn)
                    answer["rbac_enabled"] = false;
                var extras = options.PingExtras?.Invoke(context.RequestServices) ?? new Dictionary<string, object?>();
                foreach (var (name, value) in extras)
                    answer[name] = value;
                return TypedResults.Ok(answer);
            })
            .WithName("Ping").WithSummary("Who answers here.").WithTags("service")
            .RequireAuthorization(Policies.Public)
            .DisableRateLimiting();

    public static void MapAuditStats(this IEndpointRouteBuilder app, string policy) =>
        app.MapGet("/audit/stats", (AuditStats stats) => TypedResults.Ok(stats.Summary()))
            .WithName("AuditStats").WithSummary("How many requests, how many denied, which paths most.").WithTags("service")
            .RequireAuthorization(policy);
}
