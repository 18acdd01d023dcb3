using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.IdentityModel.Tokens;

namespace AetherLink.ServiceDefaults;

/// <summary>Who calls, and what the caller may do.</summary>
internal static class Identity
{
    public const string Bearer = "Bearer ";

    /// <summary>The mesh key before, while the mesh's key is being changed.</summary>
    private const string PreviousKey = "MESH_KEY_PREVIOUS";

    public static void AddIdentity(this WebApplicationBuilder builder, ServiceIdentity identity, ServiceDefaultsOptions options)
    {
        var configuration = builder.Configuration;
        var meshKey = MeshKey(configuration, builder.Environment);
        var previousKey = configuration[PreviousKey];
        var hasIssuer = configuration[OidcBearer.AuthorityKey] is { Length: > 0 };

        builder.Services.AddSingleton(services =>
            new MeshTokens(meshKey, identity.Resource, services.GetRequiredService<TimeProvider>()));

        builder.Services.AddSingleton(new TopicSignature(meshKey, previousKey));
        builder.Services.AddHttpContextAccessor();

        var schemes = builder.Services.AddAuthentication(Schemes.Chosen)
            .AddPolicyScheme(Schemes.Chosen, displayName: null, policy => policy.ForwardDefaultSelector = context =>
                Choose(context.Request, hasIssuer, options))
            .AddScheme<AuthenticationSchemeOptions, HeaderIdentity>(Schemes.Header, configureOptions: null)
            .AddMeshTokens(meshKey, previousKey, identity.Resource);
        if (hasIssuer)
            schemes.AddOidcTokens(configuration, builder.Environment);

        builder.AddPolicies();
    }

    private static void AddPolicies(this WebApplicationBuilder builder)
    {
        var rules = Policies.Rules(builder.Configuration, builder.Environment);
        var enforced = builder.Configuration.GetValue("RBAC_ENABLED", true);
        builder.Services.AddSingleton(new Enforcement(enforced));
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
        {
            builder.Services.AddHostedService<OpenDoors>();
            builder.Services.AddHealthChecks().AddCheck("authorization", () => HealthCheckResult.Degraded(Enforcement.Warning));
        }
    }

    private static string Choose(HttpRequest request, bool hasIssuer, ServiceDefaultsOptions options)
    {
        var session = options.SessionScheme;
        if (HasBearer(request) && !(session is not null && request.Path.StartsWithSegments(options.SessionPath, StringComparison.OrdinalIgnoreCase)))
            return hasIssuer && TokenHead.Algorithm(BearerOf(request)) != SecurityAlgorithms.HmacSha256 ? Schemes.Oidc : Schemes.Mesh;
        // Who shows a token is not believed for what else he says, also where no token is known.
        return session is null || (request.Headers.ContainsKey(RolesHeader.Name) && !HasBearer(request)) ? Schemes.Header : session;
    }

    public static bool HasBearer(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    /// <summary>The bearer token; empty when there is none.</summary>
    public static string BearerOf(HttpRequest request) =>
        HasBearer(request) ? request.Headers.Authorization.ToString()[Bearer.Length..].Trim() : "";

    private static string MeshKey(ConfigurationManager configuration, IHostEnvironment environment)
    {
        if (configuration["MESH_KEY"] is { Length: > 0 } key)
            return MeshTokens.Checked(key);
        return !environment.IsDevelopment()
            ? throw new InvalidOperationException(
                "MESH_KEY is missing. It is the secret that the services of the mesh share: `openssl rand -base64 32` makes one.")
            // A service that runs by itself: it accepts nobody's tokens, and nobody accepts its own.
            : Convert.ToBase64String(RandomNumberGenerator.GetBytes(MeshTokens.KeyBytes));
    }
}
