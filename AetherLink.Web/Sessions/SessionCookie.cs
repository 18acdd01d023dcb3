using System.Security.Claims;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AetherLink.Web.Sessions;

/// <summary>
/// The cookie by which a browser is known: a key, encrypted, and nothing else. What it opens stays with the gateway, so that a
/// session that has ended is no good to whoever has copied its cookie.
/// </summary>
internal static class SessionCookie
{
    public const string Scheme = "session";
    public const string Name = "aetherlink.session";

    private const string Key = "session";

    /// <summary>A browser takes such a cookie only over https and from this very host, and no subdomain can plant one.</summary>
    private const string HostOnly = "__Host-";

    public static void AddSessions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var prefix = builder.Environment.IsDevelopment() ? "" : HostOnly;
        services.AddAuthentication().AddCookie(Scheme, cookie =>
        {
            cookie.Cookie.Name = prefix + Name;
            cookie.Cookie.Path = "/";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            // Development has no certificate; everywhere else the cookie never leaves over plain http.
            cookie.Cookie.SecurePolicy = builder.Environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            cookie.ExpireTimeSpan = SessionFiles.Life;
            cookie.SlidingExpiration = true;
            cookie.Events.OnValidatePrincipal = OpenAsync;
        });
        // A token that is none is the caller's affair, and answered as that; the library would log it as an error of ours.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
        services.AddAntiforgery(tokens =>
        {
            tokens.HeaderName = AntiForgery.Header;
            tokens.Cookie.Name = "aetherlink.csrf";
            tokens.Cookie.SameSite = SameSiteMode.Strict;
            // No secret without the session beside it, and with `Always` a plain request would end in an exception.
            tokens.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });

        // In the data folder, so that a restart signs nobody out.
        services.AddDataProtection().SetApplicationName("aetherlink-web");
        services.AddOptions<KeyManagementOptions>()
            .Configure<DataFolder, ILoggerFactory>((keys, folder, loggers) => keys.XmlRepository =
                new FileSystemXmlRepository(new(folder.For("keys")), loggers));
        services.AddSingleton<SessionFiles>();
        services.AddSingleton<SessionWatches>();
        services.AddSingleton<PersonSessions>();
        services.AddSingleton<SessionDescription>();
        services.AddHostedService<SessionWatching>();

        services.AddOptions<DevelopmentSignInOptions>().BindConfiguration("Web:DevelopmentSignIn");
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, SessionJson.Default));
    }

    /// <summary>What the cookie says for a session of this key.</summary>
    public static ClaimsPrincipal For(string key) => new(new ClaimsIdentity([new Claim(Key, key)], Scheme));

    /// <summary>Opens the session that the cookie names, on every request.</summary>
    private static async Task OpenAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<PersonSessions>();
        if (context.Principal?.FindFirstValue(Key) is not { } key
            || await sessions.FindAsync(key, context.HttpContext.RequestAborted) is not { } person)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
            return;
        }
        context.HttpContext.Features.Set(new CurrentSession(key, person));
        context.ReplacePrincipal(person.ToPrincipal(SessionFiles.NameOf(key)));
    }
}
