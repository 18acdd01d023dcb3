using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace AetherLink.ServiceDefaults;

/// <summary>Accepts the tokens of an OIDC issuer (Keycloak, or any other) for people.</summary>
internal static class OidcBearer
{
    public const string AuthorityKey = "Authentication:Authority";
    private const string HttpsKey = "Authentication:RequireHttpsMetadata";

    /// <summary>The library's default of five minutes would accept a token five minutes after its end.</summary>
    internal static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>An issuer's keys are public, so only what they can verify and not make. No issuer's document has more than some keys.</summary>
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private const int MostDocumentBytes = 1 << 20;

    public static AuthenticationBuilder AddOidcTokens(
        this AuthenticationBuilder schemes, IConfiguration configuration, IHostEnvironment environment)
    {
        var authority = configuration[AuthorityKey]!.TrimEnd('/');
        var client = configuration["Authentication:ClientId"] ?? "aetherlink";
        var rolesWithoutTenant = RolesWithoutTenant.Parse(configuration[RolesWithoutTenant.Key]);
        var requireHttps = configuration.GetValue(HttpsKey, !environment.IsDevelopment());
        if (requireHttps && !authority.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException(
                $"{AuthorityKey} is {authority}, without TLS: whoever is on the way could put his own keys in. {HttpsKey}=false allows it.");

        schemes.Services.AddHttpClient(IssuerConfiguration.Client, http =>
        {
            http.Timeout = Patience;
            http.MaxResponseContentBufferSize = MostDocumentBytes;
        }).Bare();
        schemes.Services.AddOptions<JwtBearerOptions>(Schemes.Oidc).Configure<IHttpClientFactory, TimeProvider, ILogger<IssuerConfiguration>>(
            (options, clients, clock, logger) => options.ConfigurationManager = new IssuerConfiguration(
                $"{authority}/.well-known/openid-configuration", requireHttps, clients, clock, logger));
        return schemes.AddJwtBearer(Schemes.Oidc, options =>
        {
            options.Authority = authority;
            options.Audience = configuration["Authentication:Audience"] ?? client;
            options.RequireHttpsMetadata = requireHttps;
            options.MapInboundClaims = false;
            options.TokenValidationParameters.NameClaimType = CallerClaims.Name;
            options.TokenValidationParameters.RoleClaimType = CallerClaims.Role;
            options.TokenValidationParameters.ClockSkew = Skew;
            options.Events = Events(client, rolesWithoutTenant);
        });
    }

    private static JwtBearerEvents Events(string client, IReadOnlyCollection<string> rolesWithoutTenant) => new()
    {
        // Not every version of the library can list algorithms, so that they are looked at before it sees the token.
        OnMessageReceived = context =>
        {
            if (TokenHead.Algorithm(Identity.BearerOf(context.Request)) is not { } algorithm || !Algorithms.Contains(algorithm, StringComparer.Ordinal))
                context.Fail("The token is not signed with an algorithm of an issuer's.");
            return Task.CompletedTask;
        },
        OnTokenValidated = context =>
        {
            if (!AccessTokens.IsOne(Identity.BearerOf(context.Request), context.Principal!))
                context.Fail("The token is none for access: it says who signed in, or out.");
            else if (OidcPerson.Of(context.Principal!, client, rolesWithoutTenant) is { } person)
                context.Principal = new(person);
            else
                context.Fail("The token does not name one tenant.");
            return Task.CompletedTask;
        },
        // Whatever a token makes of the library, it is no fault of ours.
        OnAuthenticationFailed = context =>
        {
            context.Fail(context.Exception);
            return Task.CompletedTask;
        },
    };
}
