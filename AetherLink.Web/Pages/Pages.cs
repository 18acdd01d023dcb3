using AetherLink.ServiceDefaults;
using Microsoft.Extensions.Primitives;

namespace AetherLink.Web.Pages;

internal static class Pages
{
    /// <summary>Vite puts a hash of the content into every name under this path: what is there never changes.</summary>
    private const string Hashed = "/assets";

    /// <summary>No script that is not ours, and none within the page. Mantine writes its variables into a style element.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>What is no page needs nothing at all, should a browser ever take it for one.</summary>
    private const string NothingAtAll = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Seconds; a year, as browsers' own lists ask for. Subdomains belong to others.</summary>
    private const string HttpsOnly = "max-age=31536000";

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
        app.MapGet("/health.json", (ServiceIdentity identity, IConfiguration configuration) =>
                TypedResults.Ok(new Health("ok", "aetherlink-ui", identity.Version, configuration.GetValue("RBAC_ENABLED", true))))
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
        if (context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true)
        {
            // The browsable document of the API has brought a policy of its own.
            if (StringValues.IsNullOrEmpty(headers.ContentSecurityPolicy))
                headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.CacheControl = "no-cache";
        }
        else if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            headers.ContentSecurityPolicy = NothingAtAll;
            // What one person was shown must not come out of a cache for the next; what a service says of its own answers stands.
            if (StringValues.IsNullOrEmpty(headers.CacheControl))
                headers.CacheControl = "no-store";
        }
        // Here, and not by the framework's middleware, since only now a proxy's word on the scheme has been heard.
        if (context.Request.IsHttps && !context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment())
            headers.StrictTransportSecurity = HttpsOnly;
        // No other window keeps a handle on ours, and no page of ours needs the machine's devices.
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        return Task.CompletedTask;
    }

    internal sealed record Health(string Status, string Service, string Version, bool RbacEnabled);
}
