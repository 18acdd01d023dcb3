using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Makes the provider for a service.</summary>
public interface IServiceEndpointProviderFactory
{
    /// <summary>Makes the provider for the service of <paramref name="query"/>, if it can know it.</summary>
    bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider);
}
