using AetherLink.ServiceDefaults;

namespace AetherLink.Web.Pages;

internal static class Pages
{
    /// <summary>Vite puts a hash of the content into every name under this path: what is there never changes.</summary>
    private const string Hashed = "/assets";

    /// <summary>No script that is not ours, and none within the page. Mantine writes its variables into a style element.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void AddPages(this WebApplicationBuilder builder)
    {
        // From a build's output, also outside of Development: there the pages are named by a manifest, and not beside the assembly.
        builder.WebHost.UseStaticWebAssets();
        // In Development it would map an endpoint of its own, without a policy, for files made after the build; Vite's own
        // server is there for that.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
    }

    public static void UsePages(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(SetHeaders, context);
        return next(context);
    });

    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/health.json", (ServiceIdentity identity) => TypedResults.Ok(new Health("ok", "aetherlink-ui", identity.Version)))
            .WithName("HealthJson").WithSummary("Whether the pages are served.").WithTags("Service")
            .RequireAuthorization(Policies.Public)
            .DisableRateLimiting();
        // As a group, so that the endpoint which the framework adds in Development has the policy too.
        var pages = app.MapGroup("").RequireAuthorization(Policies.Public);
        pages.MapStaticAssets();
        // Any path that is not a file's is a page of the application, which knows its own routes.
        pages.MapFallbackToFile("index.html");
    }

    private static Task SetHeaders(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        if (context.Response.StatusCode is 200 or 304 && context.Request.Path.StartsWithSegments(Hashed, StringComparison.Ordinal))
            headers.CacheControl = "public, max-age=31536000, immutable";
        // The browsable document of the API brings scripts of its own.
        if (context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true
            && !context.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal))
        {
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.CacheControl = "no-cache";
        }
        return Task.CompletedTask;
    }

    private sealed record Health(string Status, string Service, string Version);
}
