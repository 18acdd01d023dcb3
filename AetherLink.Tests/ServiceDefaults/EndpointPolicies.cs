using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.ServiceDefaults;

/// <summary>An endpoint, and the policy by which it is named; null when it has none of ours.</summary>
internal sealed record EndpointPolicy(string Endpoint, string? Policy);

internal static class EndpointPolicies
{
    /// <summary>Every endpoint that the application maps, with its policy. Ask after the application has started.</summary>
    public static IReadOnlyList<EndpointPolicy> Of(IServiceProvider services) =>
        [.. EndpointTable.Of(services).Select(one => new EndpointPolicy($"{one.Method} {one.Route}", one.Policies is [.., var policy] ? policy : null))];

    /// <summary>Those that lack one: what a test asserts to be empty.</summary>
    public static IEnumerable<string> Lacking(IServiceProvider services) =>
        Of(services).Where(endpoint => endpoint.Policy is null).Select(endpoint => endpoint.Endpoint);
}
