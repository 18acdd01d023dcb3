using Microsoft.AspNetCore.Authentication;

namespace AetherLink.ServiceDefaults;

/// <summary>Accepts the tokens of an OIDC issuer (Keycloak, or any other) for people.</summary>
internal static class OidcBearer
{
    public const string AuthorityKey = "Authentication:Authority";

    public static AuthenticationBuilder AddOidcTokens(
        this AuthenticationBuilder schemes, IConfiguration configuration, IHostEnvironment environment)
    {
        var client = configuration["Authentication:ClientId"] ?? "aetherlink";
        return schemes.AddJwtBearer(Schemes.Oidc, options =>
        {
            options.Authority = configuration[AuthorityKey];
            options.Audience = configuration["Authentication:Audience"] ?? client;
            options.RequireHttpsMetadata = !environment.IsDevelopment();
            options.MapInboundClaims = false;
            options.TokenValidationParameters.NameClaimType = CallerClaims.Name;
            options.TokenValidationParameters.RoleClaimType = CallerClaims.Role;
            // The library's default of five minutes would accept a token five minutes after its end.
            options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
            options.Events = new()
            {
                OnTokenValidated = context =>
                {
                    context.Principal = new(OidcPerson.Of(context.Principal!, client));
                    return Task.CompletedTask;
                },
            };
        });
    }
}
