using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>The endpoints of a service, good until the token changes.</summary>
public sealed class ServiceEndpointSource
{
    /// <summary>Holds the endpoints of a service.</summary>
    public ServiceEndpointSource(List<ServiceEndpoint>? endpoints, IChangeToken changeToken, IFeatureCollection features)
    {
        ArgumentNullException.ThrowIfNull(changeToken);
        ArgumentNullException.ThrowIfNull(features);
        Endpoints = endpoints ?? [];
        ChangeToken = changeToken;
        Features = features;
    }

    /// <summary>The endpoints.</summary>
    public IReadOnlyList<ServiceEndpoint> Endpoints { get; }

    /// <summary>Changes when the endpoints may have changed.</summary>
    public IChangeToken ChangeToken { get; }

    /// <summary>Features of the whole collection.</summary>
    public IFeatureCollection Features { get; }

    /// <inheritdoc />
    public override string ToString() => $"[{string.Join(", ", Endpoints)}]";
}
