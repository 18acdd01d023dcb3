using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Antiforgery;

namespace AetherLink.Web.Sessions;

/// <summary>
/// Whatever changes something needs the token of its session in a header, which no foreign page can send. The cookie is
/// SameSite=Strict already; this is the second lock, for what SameSite lets through (another port of the same host).
/// </summary>
internal static class AntiForgery
{
    public const string Header = "X-CSRF-Token";

    public static void UseAntiForgery(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (ChangesNothing(context.Request) || await HasTokenAsync(context))
        {
            await next(context);
            return;
        }
        await Problems
            .BadRequest($"The {Header} header is missing or is not of this session: GET /api/session gives one.")
            .ExecuteAsync(context);
    });

    private static bool ChangesNothing(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)
        || !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    // Without the header the service would look for the token in a form, and read the body for it.
    private static Task<bool> HasTokenAsync(HttpContext context) => context.Request.Headers.ContainsKey(Header)
        ? context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context)
        : Task.FromResult(false);
}
