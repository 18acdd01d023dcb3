namespace AetherLink.ServiceDefaults;

internal static class Documents
{
    public static void AddDocuments(this IServiceCollection services) => services.AddOpenApi();

    public static void MapDocuments(this IEndpointRouteBuilder app) =>
        app.MapOpenApi().RequireAuthorization(Policies.Public);
}
