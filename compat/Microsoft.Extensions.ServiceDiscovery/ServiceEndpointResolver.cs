using System.Collections.Concurrent;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Finds the endpoints of services.</summary>
public sealed class ServiceEndpointResolver : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<ServiceEndpointWatcher>> _watchers = new(StringComparer.Ordinal);
    private readonly ServiceEndpointWatcherFactory _factory;

    internal ServiceEndpointResolver(ServiceEndpointWatcherFactory factory) => _factory = factory;

    /// <summary>The endpoints of a service, by its name or a URL such as <c>https+http://catalog</c>.</summary>
    public ValueTask<ServiceEndpointSource> GetEndpointsAsync(string serviceName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(serviceName);
        return Watch(serviceName).GetEndpointsAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var watcher in _watchers.Values.Where(watcher => watcher.IsValueCreated))
            await watcher.Value.DisposeAsync().ConfigureAwait(false);
        _watchers.Clear();
    }

    internal ValueTask<ServiceEndpoint> GetEndpointAsync(string serviceName, CancellationToken cancellationToken) =>
        Watch(serviceName).GetEndpointAsync(cancellationToken);

    // Kept for good: the names are the application's services, and few. A watcher that could not be made is not kept.
    private ServiceEndpointWatcher Watch(string serviceName)
    {
        var lazy = _watchers.GetOrAdd(serviceName, name => new(() => _factory.Create(name)));
        try
        {
            return lazy.Value;
        }
        catch
        {
            _watchers.TryRemove(KeyValuePair.Create(serviceName, lazy));
            throw;
        }
    }
}
