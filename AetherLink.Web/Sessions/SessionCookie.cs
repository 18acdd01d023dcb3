using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AetherLink.Web.Sessions;

/// <summary>The cookie by which a browser is known. Everything is in it, encrypted: a replica needs only the same keys.</summary>
internal static class SessionCookie
{
    public const string Scheme = "session";
    public const string Name = "aetherlink.session";

    /// <summary>A working day; a page that is looked at renews it.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromHours(10);

    public static void AddSessions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddAuthentication().AddCookie(Scheme, cookie =>
        {
            cookie.Cookie.Name = Name;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            // Development has no certificate; everywhere else the cookie never leaves over plain http.
            cookie.Cookie.SecurePolicy = builder.Environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            cookie.ExpireTimeSpan = Life;
            cookie.SlidingExpiration = true;
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

        services.AddOptions<DevelopmentSignInOptions>().BindConfiguration("Web:DevelopmentSignIn");
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, SessionJson.Default));
    }
}
