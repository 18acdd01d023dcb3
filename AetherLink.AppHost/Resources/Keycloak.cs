namespace AetherLink.AppHost.Resources;

/// <summary>A Keycloak server with the realm of <c>config/keycloak</c>: roles, tenants and demo people.</summary>
internal sealed class KeycloakResource(string name) : ContainerResource(name);

/// <summary>Where people sign in.</summary>
/// <param name="Authority">The issuer's address; null for the sign-in of Development.</param>
/// <param name="ClientSecret">The Web's, when it is no public client.</param>
internal sealed record Issuer(ReferenceExpression? Authority, IResourceBuilder<ParameterResource>? ClientSecret);

internal static class KeycloakBuilderExtensions
{
    private const int Port = 8080;
    private const int ManagementPort = 9000;
    private const string Management = "management";

    /// <summary>
    /// In run mode a Keycloak on port 8080, started by hand or by <c>AetherLink:SignIn=keycloak</c>, which also makes the services
    /// accept its tokens. A deployment names an issuer of its own, and so may whoever runs the mesh (<c>Parameters:oidc-authority</c>).
    /// </summary>
    public static Issuer AddIssuer(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.ExecutionContext.IsPublishMode || builder.Configuration["Parameters:oidc-authority"] is { Length: > 0 })
        {
            var authority = builder.AddParameter("oidc-authority");
            return new(ReferenceExpression.Create($"{authority}"), builder.AddOptionalSecret("oidc-client-secret"));
        }

        var keycloak = builder.AddKeycloak(name, builder.AddGeneratedSecret($"{name}-admin-password"));
        if (builder.Configuration["AetherLink:SignIn"] == name)
            return new(ReferenceExpression.Create($"{keycloak.GetEndpoint("http")}/realms/aetherlink"), ClientSecret: null);
        keycloak.WithExplicitStart();
        return new(Authority: null, ClientSecret: null);
    }

    /// <summary>Makes a service accept the issuer's tokens.</summary>
    public static IResourceBuilder<ProjectResource> KnowsPeopleBy(this IResourceBuilder<ProjectResource> service, Issuer issuer) =>
        issuer.Authority is { } authority ? service.WithEnvironment("Authentication__Authority", authority) : service;

    /// <summary>Lets people sign in at the issuer.</summary>
    public static IResourceBuilder<ProjectResource> SignsInAt(this IResourceBuilder<ProjectResource> web, Issuer issuer) =>
        issuer.ClientSecret is { } secret ? web.WithEnvironment("Authentication__ClientSecret", secret) : web;

    private static IResourceBuilder<KeycloakResource> AddKeycloak(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> adminPassword) =>
        builder.AddResource(new KeycloakResource(name))
            .WithImage("keycloak/keycloak", "26.6")
            .WithImageRegistry("quay.io")
            .WithArgs("start-dev", "--import-realm")
            .WithHttpEndpoint(port: Port, targetPort: Port)
            .WithHttpEndpoint(targetPort: ManagementPort, name: Management)
            .WithEnvironment("KC_BOOTSTRAP_ADMIN_USERNAME", "admin")
            .WithEnvironment("KC_BOOTSTRAP_ADMIN_PASSWORD", adminPassword)
            .WithEnvironment("KC_HEALTH_ENABLED", "true")
            .WithBindMount("../config/keycloak", "/opt/keycloak/data/import", isReadOnly: true)
            .WithHttpHealthCheck("/health/ready", endpointName: Management)
            .WithUrlForEndpoint("http", url => url.DisplayText = "Keycloak");
}
