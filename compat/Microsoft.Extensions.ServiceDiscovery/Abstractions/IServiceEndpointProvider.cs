namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Knows where one service is.</summary>
public interface IServiceEndpointProvider : IAsyncDisposable
{
    /// <summary>Adds what it knows to <paramref name="endpoints"/>.</summary>
    ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken);
}
