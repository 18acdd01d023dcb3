using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;

namespace AetherLink.ServiceDefaults;

/// <summary>An endpoint as the running service has it, and who passes its policies.</summary>
/// <param name="Method">The method; <c>*</c> for any.</param>
/// <param name="Route">The route's template.</param>
/// <param name="Policies">Its policies; none where one of them is not ours, or the endpoint is open beside them.</param>
/// <param name="Anybody">Whether anybody passes.</param>
/// <param name="Roles">The roles of people that pass.</param>
/// <param name="Scope">The scope by which a service passes.</param>
/// <param name="IsFile">Whether it is a file of the pages: there are as many as the build makes.</param>
internal sealed record MappedEndpoint(
    string Method, string Route, IReadOnlyList<string> Policies, bool Anybody, IReadOnlyList<string> Roles, string? Scope, bool IsFile);

/// <summary>What <c>/audit/endpoints</c> answers.</summary>
internal sealed record EndpointList(string Status, int Count, IReadOnlyList<MappedEndpoint> Endpoints);

/// <summary>
/// Every endpoint that the service really has, whatever its document says: read from the routes of the running process, so that what a
/// deployment lets in can be held against what was agreed on.
/// </summary>
internal static class EndpointTable
{
    public static void MapEndpointTable(this IEndpointRouteBuilder app) =>
        app.MapGet("/audit/endpoints", (HttpContext context) =>
            {
                var endpoints = Of(context.RequestServices);
                return TypedResults.Ok(new EndpointList("ok", endpoints.Count, endpoints));
            })
            .WithName("Endpoints").WithSummary("Every endpoint of this service, and who passes its policy.").WithTags("service")
            .RequireAuthorization(Policies.ViewOps);

    /// <summary>Ask after the application has started.</summary>
    public static IReadOnlyList<MappedEndpoint> Of(IServiceProvider services)
    {
        var rules = services.GetService<IReadOnlyDictionary<string, PolicyRule>>() ?? new Dictionary<string, PolicyRule>(StringComparer.Ordinal);
        return
        [
            .. services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Distinct()
                .SelectMany(endpoint => Methods(endpoint).Select(method => Read(method, endpoint, rules)))
                .Concat(AnsweredBySchemes(services))
                // Of a file there is one for each encoding.
                .DistinctBy(one => (one.Method, one.Route, string.Join(' ', one.Policies)))
                .OrderBy(one => one.Route, StringComparer.Ordinal).ThenBy(one => one.Method, StringComparer.Ordinal),
        ];
    }

    private static MappedEndpoint Read(string method, RouteEndpoint endpoint, IReadOnlyDictionary<string, PolicyRule> rules)
    {
        var named = Named(endpoint, rules);
        var roles = named.Select(rule => rule.Anybody ? ServiceDefaults.Roles.OfPeople : rule.Roles);
        var scopes = named.Where(rule => !rule.Anybody).Select(rule => rule.Scope).Distinct(StringComparer.Ordinal).ToList();
        return new(
            method, $"/{endpoint.RoutePattern.RawText?.Trim('/')}", [.. named.Select(rule => rule.Name)],
            named.Count > 0 && named.TrueForAll(rule => rule.Anybody),
            // Each of its policies has to be passed.
            named.Count > 0 ? [.. ServiceDefaults.Roles.OfPeople.Where(role => roles.All(some => some.Contains(role, StringComparer.Ordinal)))] : [],
            scopes is [var one] ? one : null,
            endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null);
    }

    private static List<PolicyRule> Named(RouteEndpoint endpoint, IReadOnlyDictionary<string, PolicyRule> rules)
    {
        var asked = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
        return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && asked.All(one => one.Policy is { } name && rules.ContainsKey(name))
            ? [.. asked.Select(one => rules[one.Policy!]).Distinct()]
            : [];
    }

    private static IEnumerable<string> Methods(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        return methods.Count == 0 ? ["*"] : methods.Where(method => method != "HEAD" || !methods.Contains("GET"));
    }

    /// <summary>What a scheme of the authentication answers itself, before any policy is asked: the way back from an issuer.</summary>
    private static IEnumerable<MappedEndpoint> AnsweredBySchemes(IServiceProvider services) =>
        from scheme in services.GetService<IOptions<AuthenticationOptions>>()?.Value.Schemes ?? []
        where typeof(IAuthenticationRequestHandler).IsAssignableFrom(scheme.HandlerType)
        let path = services.GetRequiredService<IOptionsMonitor<OAuthOptions>>().Get(scheme.Name).CallbackPath
        select new MappedEndpoint("*", path.Value ?? $"(scheme {scheme.Name})", [Policies.Public], true, ServiceDefaults.Roles.OfPeople, null, false);
}
