using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.ServiceDefaults;

/// <summary>An endpoint, and the policy by which it is named; null when it has none of ours.</summary>
internal sealed record EndpointPolicy(string Endpoint, string? Policy);

internal static class EndpointPolicies
{
    /// <summary>Every endpoint that the application maps, with its policy. Ask after the application has started.</summary>
    public static IReadOnlyList<EndpointPolicy> Of(IServiceProvider services)
    {
        var rules = services.GetRequiredService<IReadOnlyDictionary<string, PolicyRule>>();
        return services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Distinct()
            .Select(endpoint => new EndpointPolicy(Name(endpoint), PolicyOf(endpoint, rules)))
            .OrderBy(endpoint => endpoint.Endpoint, StringComparer.Ordinal)
            .ToList();
    }

    /// <summary>Those that lack one: what a test asserts to be empty.</summary>
    public static IEnumerable<string> Lacking(IServiceProvider services) =>
        Of(services).Where(endpoint => endpoint.Policy is null).Select(endpoint => endpoint.Endpoint);

    private static string? PolicyOf(RouteEndpoint endpoint, IReadOnlyDictionary<string, PolicyRule> rules) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        && endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>() is { Count: > 0 } data
        && data.All(one => one.Policy is { } name && rules.ContainsKey(name))
            ? data[^1].Policy
            : null;

    private static string Name(RouteEndpoint endpoint) =>
        $"{string.Join(',', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"])} {endpoint.RoutePattern.RawText}";
}
