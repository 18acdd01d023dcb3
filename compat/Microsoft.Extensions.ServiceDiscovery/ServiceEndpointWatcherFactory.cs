using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.ServiceDiscovery;

internal sealed class ServiceEndpointWatcherFactory(
    IEnumerable<IServiceEndpointProviderFactory> factories,
    IOptions<ServiceDiscoveryOptions> options,
    TimeProvider time,
    ILogger<ServiceEndpointWatcher> logger)
{
    // Pass-through takes everything, so it comes last wherever it was registered.
    private readonly IServiceEndpointProviderFactory[] _factories =
        [.. factories.OrderBy(factory => factory is PassThroughServiceEndpointProviderFactory)];

    public ServiceEndpointWatcher Create(string serviceName)
    {
        if (!ServiceEndpointQuery.TryParse(serviceName, out var query))
            throw new ArgumentException($"'{serviceName}' is no service name and no URL.", nameof(serviceName));

        var providers = new List<IServiceEndpointProvider>();
        foreach (var factory in _factories)
        {
            if (factory.TryCreateProvider(query, out var provider))
                providers.Add(provider);
        }

        return providers.Count > 0
            ? new(serviceName, [.. providers], options.Value.RefreshPeriod, time, logger)
            : throw new InvalidOperationException($"No provider has been configured for the service '{serviceName}'.");
    }
}
