using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// Keeps the endpoints of one service: looked up when first asked for, and again when their token has changed or,
/// where no token calls back, when they are older than the refresh period.
/// </summary>
internal sealed partial class ServiceEndpointWatcher(
    string serviceName,
    IServiceEndpointProvider[] providers,
    TimeSpan refreshPeriod,
    TimeProvider time,
    ILogger<ServiceEndpointWatcher> logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _lookup = new(1, 1);
    private volatile Known? _known;
    private uint _next;

    public async ValueTask<ServiceEndpointSource> GetEndpointsAsync(CancellationToken cancellationToken)
    {
        if (Current() is { } known)
            return known;

        await _lookup.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Current() ?? await LookUpAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _lookup.Release();
        }
    }

    /// <summary>The endpoints in turn.</summary>
    public async ValueTask<ServiceEndpoint> GetEndpointAsync(CancellationToken cancellationToken)
    {
        var endpoints = (await GetEndpointsAsync(cancellationToken).ConfigureAwait(false)).Endpoints;
        return endpoints.Count > 0
            ? endpoints[(int)(Interlocked.Increment(ref _next) % (uint)endpoints.Count)]
            : throw new InvalidOperationException($"The service '{serviceName}' has no endpoint.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in providers)
            await provider.DisposeAsync().ConfigureAwait(false);
        _lookup.Dispose();
    }

    private ServiceEndpointSource? Current() =>
        _known is { } known && !known.Source.ChangeToken.HasChanged
            && (known.Source.ChangeToken.ActiveChangeCallbacks || time.GetElapsedTime(known.At) < refreshPeriod)
            ? known.Source
            : null;

    private async ValueTask<ServiceEndpointSource> LookUpAsync(CancellationToken cancellationToken)
    {
        var at = time.GetTimestamp();
        var builder = new ServiceEndpointBuilder();
        try
        {
            foreach (var provider in providers)
                await provider.PopulateAsync(builder, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LookupFailed(exception, serviceName);
            throw;
        }

        var source = builder.Build();
        _known = new(source, at);
        LookedUp(serviceName, source);
        return source;
    }

    [LoggerMessage(3, LogLevel.Debug, "The service '{ServiceName}' has the endpoints {Endpoints}.",
        EventName = "ResolutionSucceeded")]
    private partial void LookedUp(string serviceName, ServiceEndpointSource endpoints);

    [LoggerMessage(4, LogLevel.Error, "The endpoints of the service '{ServiceName}' could not be looked up.",
        EventName = "ResolutionFailed")]
    private partial void LookupFailed(Exception exception, string serviceName);

    private sealed record Known(ServiceEndpointSource Source, long At);
}
