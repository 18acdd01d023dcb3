using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AetherLink.ServiceDefaults;

/// <summary>Who calls, and what the caller may do.</summary>
internal static class Identity
{
    public const string Bearer = "Bearer ";

    public static void AddIdentity(this WebApplicationBuilder builder, ServiceIdentity identity, ServiceDefaultsOptions options)
    {
        var configuration = builder.Configuration;
        var meshKey = MeshKey(configuration, builder.Environment);
        var hasIssuer = configuration[OidcBearer.AuthorityKey] is { Length: > 0 };

        builder.Services.AddSingleton(services =>
            new MeshTokens(meshKey, identity.Resource, services.GetRequiredService<TimeProvider>()));

        var schemes = builder.Services.AddAuthentication(Schemes.Chosen)
            .AddPolicyScheme(Schemes.Chosen, displayName: null, policy => policy.ForwardDefaultSelector = context =>
                Choose(context.Request, hasIssuer, options.SessionScheme))
            .AddScheme<AuthenticationSchemeOptions, HeaderIdentity>(Schemes.Header, configureOptions: null)
            .AddMeshTokens(meshKey, identity.Resource);
        if (hasIssuer)
            schemes.AddOidcTokens(configuration, builder.Environment);

        builder.AddPolicies();
    }

    private static void AddPolicies(this WebApplicationBuilder builder)
    {
        var rules = Policies.Rules(builder.Configuration, builder.Environment);
        var enforced = builder.Configuration.GetValue("RBAC_ENABLED", true);
        var authorization = builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => !enforced).Build());
        foreach (var rule in rules.Values)
        {
            authorization.AddPolicy(rule.Name, policy => policy
                .RequireAssertion(context => !enforced || rule.Allows(context.User)));
        }

        builder.Services.AddSingleton(rules);
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, Denials>();
        if (!enforced)
            builder.Services.AddHostedService<OpenDoors>();
    }

    private static string Choose(HttpRequest request, bool hasIssuer, string? session)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return hasIssuer && !IsSymmetric(authorization[Bearer.Length..].Trim()) ? Schemes.Oidc : Schemes.Mesh;
        return session is null || request.Headers.ContainsKey(RolesHeader.Name) ? Schemes.Header : session;
    }

    // Only chooses who is to validate the token; nothing of it is believed here.
    private static bool IsSymmetric(string token) =>
        new JsonWebTokenHandler().CanReadToken(token) && new JsonWebToken(token).Alg == SecurityAlgorithms.HmacSha256;

    private static string MeshKey(ConfigurationManager configuration, IHostEnvironment environment)
    {
        if (configuration["MESH_KEY"] is { Length: > 0 } key)
            return MeshTokens.Checked(key);
        return environment.IsProduction()
            ? throw new InvalidOperationException(
                "MESH_KEY is missing. It is the secret that the services of the mesh share: `openssl rand -base64 32` makes one.")
            // A service that runs by itself: it accepts nobody's tokens, and nobody accepts its own.
            : Convert.ToBase64String(RandomNumberGenerator.GetBytes(MeshTokens.KeyBytes));
    }
}
