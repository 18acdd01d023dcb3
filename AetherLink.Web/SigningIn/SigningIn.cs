using AetherLink.ServiceDefaults;
using AetherLink.Web.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;

namespace AetherLink.Web.SigningIn;

/// <summary>People sign in at an OIDC issuer, when one is configured.</summary>
internal static class SigningIn
{
    /// <summary>An issuer's keys and tokens need a tenth of it.</summary>
    private const int MostAnswerBytes = 1 << 20;

    /// <summary>From the click until the return: a password, a second factor, a coffee.</summary>
    private static readonly TimeSpan LongestSignIn = TimeSpan.FromMinutes(15);

    public static bool HasIssuer(this IConfiguration configuration) => configuration[IssuerOptions.AuthorityKey] is { Length: > 0 };

    public static void AddSigningIn(this WebApplicationBuilder builder)
    {
        // The framework's handler tells whole addresses, with the state in them, and cookies that are looked for; what fails is told by us.
        builder.Logging.AddFilter(typeof(IssuerSignIn).FullName, LogLevel.Error);
        if (!builder.Configuration.HasIssuer())
            return;
        var services = builder.Services;
        services.AddOptions<IssuerOptions>().BindConfiguration(IssuerOptions.Section)
            .Validate(issuer => Uri.TryCreate(issuer.Authority, UriKind.Absolute, out _), $"{IssuerOptions.AuthorityKey} is not an address.")
            .Validate(issuer => issuer.Scopes.Split(' ').Contains("openid", StringComparer.Ordinal), "Authentication:Scopes lacks openid.")
            .ValidateOnStart();
        services.AddSingleton<Issuer>();
        services.AddSingleton<IssuerTokens>();
        services.AddSingleton<Renewing>();
        services.AddSingleton<Leaving>();
        services.AddHttpClient(Issuer.Client, http =>
            {
                http.Timeout = Issuer.Patience;
                http.MaxResponseContentBufferSize = MostAnswerBytes;
            })
            .WithoutRetries()
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
            });
        services.AddOptions<OAuthOptions>(IssuerSignIn.SchemeName).Configure<IHttpClientFactory>((oauth, clients) =>
            oauth.Backchannel = clients.CreateClient(Issuer.Client));
        services.AddAuthentication().AddOAuth<OAuthOptions, IssuerSignIn>(IssuerSignIn.SchemeName, oauth =>
        {
            oauth.SignInScheme = SessionCookie.Scheme;
            oauth.CallbackPath = IssuerSignIn.CallbackPath;
            oauth.UsePkce = true;
            oauth.RemoteAuthenticationTimeout = LongestSignIn;
            oauth.AuthorizationEndpoint = oauth.TokenEndpoint = IssuerSignIn.Unknown;
            oauth.ClientId = builder.Configuration["Authentication:ClientId"] ?? new IssuerOptions().ClientId;
            // Sent by the issuer's own client; a public client has none.
            oauth.ClientSecret = IssuerSignIn.Unknown;
            foreach (var scope in (builder.Configuration["Authentication:Scopes"] ?? new IssuerOptions().Scopes).Split(' '))
                oauth.Scope.Add(scope);
            oauth.CorrelationCookie.Name = "aetherlink.correlation.";
            // The issuer sends the browser back from another site: a strict cookie would not come along.
            oauth.CorrelationCookie.SameSite = SameSiteMode.Lax;
            oauth.CorrelationCookie.SecurePolicy =
                builder.Environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            oauth.Events.OnRemoteFailure = SayWhatFailed;
        });
    }

    public static void MapSigningIn(this WebApplication app)
    {
        if (!app.Configuration.HasIssuer())
            return;
        app.MapGet("/api/session/sign-in", BeginAsync).RequireAuthorization(Policies.Public).ExcludeFromDescription();
        app.MapGet("/api/session/sign-out", Leaving.GoAsync).RequireAuthorization(Policies.Public).ExcludeFromDescription();
    }

    /// <summary>A person comes here by a link, and leaves for the issuer.</summary>
    private static async Task<IResult> BeginAsync(HttpContext context, Issuer issuer, string? to, CancellationToken cancellationToken)
    {
        try
        {
            await issuer.AskAsync(cancellationToken);
            var properties = new AuthenticationProperties { RedirectUri = LocalPath.Of(to) };
            if (context.Features.Get<CurrentSession>() is { } former)
                properties.Items[IssuerSignIn.Former] = former.Key;
            return TypedResults.Challenge(properties, [IssuerSignIn.SchemeName]);
        }
        catch (IssuerAwayException)
        {
            return TypedResults.LocalRedirect(Failed("away", to));
        }
    }

    private static Task SayWhatFailed(RemoteFailureContext context)
    {
        var reason = context.Failure switch
        {
            IssuerAwayException => "away",
            AuthenticationFailureException when context.Request.Query["error"] == "access_denied" => "denied",
            Microsoft.IdentityModel.Tokens.SecurityTokenException => "refused",
            _ => "state",
        };
        Log.SignInFailed(context.HttpContext.RequestServices.GetRequiredService<ILogger<Issuer>>(), reason, context.Failure?.Message);
        context.Response.Redirect(Failed(reason, context.Properties?.RedirectUri));
        context.HandleResponse();
        return Task.CompletedTask;
    }

    private static string Failed(string reason, string? to) => QueryHelpers.AddQueryString(
        "/sign-in", new Dictionary<string, string?>(StringComparer.Ordinal) { ["failed"] = reason, ["to"] = LocalPath.Of(to) });

    private static IHttpClientBuilder WithoutRetries(this IHttpClientBuilder client) =>
#pragma warning disable EXTEXP0001 // The one way to undo a default of all clients; service discovery, another one, has to stay.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
}
