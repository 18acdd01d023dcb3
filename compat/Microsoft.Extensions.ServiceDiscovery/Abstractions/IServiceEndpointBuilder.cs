using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Collects the endpoints of a service.</summary>
public interface IServiceEndpointBuilder
{
    /// <summary>The endpoints found so far.</summary>
    IList<ServiceEndpoint> Endpoints { get; }

    /// <summary>Features of the whole collection.</summary>
    IFeatureCollection Features { get; }

    /// <summary>Adds a token that makes the endpoints be looked up again when it changes.</summary>
    void AddChangeToken(IChangeToken changeToken);
}
