using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.ServiceDefaults;

/// <summary>One page, whole in itself: what the service answers, for whom, and a form to try it.</summary>
internal static class DocsPage
{
    /// <summary>In the page's text, where the number goes that lets its own script and style run, and no others.</summary>
    private const string NoncePlace = "__NONCE__";

    /// <summary>
    /// Where it says whether roles may be entered: in Development, since elsewhere a bare header grants nothing.
    /// </summary>
    private const string HeaderRolesPlace = "__HEADER_ROLES__";

    private static readonly string Html = Load();

    public static void MapDocsPage(this IEndpointRouteBuilder app) => app.MapGet("/docs", Show)
        .ExcludeFromDescription()
        .RequireAuthorization(Policies.Public);

    private static ContentHttpResult Show(HttpContext context, IHostEnvironment environment)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        var page = Html
            .Replace(NoncePlace, nonce, StringComparison.Ordinal)
            .Replace(HeaderRolesPlace, environment.IsDevelopment().ToString(), StringComparison.Ordinal);
        return TypedResults.Content(page, "text/html; charset=utf-8");
    }

    private static string Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("docs.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
