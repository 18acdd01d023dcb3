using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Antiforgery;

namespace AetherLink.Web.Sessions;

/// <summary>
/// Whatever changes something needs the token of its session in a header, which no foreign page can send. The cookie is
/// SameSite=Strict already; this is the second lock, for what SameSite lets through (another port of the same host). The third:
/// what the browser itself says of where the request comes from.
/// </summary>
internal static class AntiForgery
{
    public const string Header = "X-CSRF-Token";

    public static void UseAntiForgery(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (ChangesNothing(context.Request))
        {
            await next(context);
            return;
        }
        if (!IsOwn(context.Request))
        {
            await Problems.Forbidden("The request comes from a page of another site.").ExecuteAsync(context);
            return;
        }
        if (await HasTokenAsync(context))
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

    // No page can set or change either header. What sends neither is no browser, or a very old one: the token is asked of it too.
    private static bool IsOwn(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is "same-origin";
        // Behind a proxy that ends TLS the scheme may differ from what the browser has seen.
        return request.Headers.Origin.ToString() is not { Length: > 0 } origin
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && HostString.FromUriComponent(from) == request.Host);
    }

    // Without the header the service would look for the token in a form, and read the body for it.
    private static Task<bool> HasTokenAsync(HttpContext context) => context.Request.Headers.ContainsKey(Header)
        ? context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context)
        : Task.FromResult(false);
}
