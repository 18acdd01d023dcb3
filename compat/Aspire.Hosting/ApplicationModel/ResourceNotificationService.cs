using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource's state at the moment it changed.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">Its name.</param>
/// <param name="snapshot">The state.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Its name.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>The state.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>Knows every resource's state, and tells when it changes.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly ConcurrentDictionary<IResource, ResourceEvent> _states = new();
    private readonly Lock _lock = new();
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _disposed = new();
    private readonly ILogger<ResourceNotificationService> _logger;

    /// <summary>Begins with no state known.</summary>
    /// <param name="logger">The log.</param>
    /// <param name="hostApplicationLifetime">Ends every watch when the application stops.</param>
    public ResourceNotificationService(ILogger<ResourceNotificationService> logger, IHostApplicationLifetime hostApplicationLifetime)
    {
        ArgumentNullException.ThrowIfNull(hostApplicationLifetime);
        _logger = logger;
        hostApplicationLifetime.ApplicationStopped.Register(_disposed.Cancel);
    }

    /// <summary>Changes a resource's state.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="stateFactory">The new state from the old one.</param>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(stateFactory);
        lock (_lock)
        {
            var before = CurrentState(resource).Snapshot;
            var update = new ResourceEvent(resource, resource.Name, stateFactory(before));
            _states[resource] = update;
            if (before.State?.Text != update.Snapshot.State?.Text)
            {
                Log.StateChanged(_logger, resource.Name, before.State?.Text, update.Snapshot.State?.Text);
            }

            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(update);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Every resource's state, and then every change.</summary>
    /// <param name="cancellationToken">Stops watching.</param>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            foreach (var state in _states.Values)
            {
                channel.Writer.TryWrite(state);
            }

            _watchers.Add(channel);
        }

        try
        {
            await foreach (var update in channel.Reader.ReadAllAsync(stopping.Token).ConfigureAwait(false))
            {
                yield return update;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>Waits for a state.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetState">The state; running when not given.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits for one of several states.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetStates">The states.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var wanted = targetStates.ToHashSet();
        var found = await WaitForResourceAsync(
            resourceName,
            update => update.Snapshot.State is { } state && wanted.Contains(state.Text),
            cancellationToken).ConfigureAwait(false);
        return found.Snapshot.State!.Text;
    }

    /// <summary>Waits for whatever is wanted of a resource.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="predicate">What is wanted.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var update in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (string.Equals(update.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(update))
            {
                return update;
            }
        }

        throw new OperationCanceledException($"The operation was cancelled before the resource '{resourceName}' met the condition.");
    }

    /// <summary>Waits until a resource runs and is healthy, and fails when it cannot become so.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, WaitBehavior.StopOnResourceUnavailable, cancellationToken);

    /// <summary>Waits until a resource runs and is healthy.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="waitBehavior">What to do when it cannot become so.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var end = await WaitForResourceAsync(
            resourceName,
            update => update.Snapshot is { HealthStatus: HealthStatus.Healthy, IsReady: true }
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && update.Snapshot.IsUnavailable()),
            cancellationToken).ConfigureAwait(false);
        return end.Snapshot.HealthStatus == HealthStatus.Healthy
            ? end
            : throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it entered the '{end.Snapshot.State?.Text}' state{end.Snapshot.ExitCodeText()}.");
    }

    /// <summary>The state of a resource, if one is known.</summary>
    /// <param name="resourceId">The resource's name.</param>
    /// <param name="resourceEvent">Its state.</param>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        resourceEvent = _states.Values.FirstOrDefault(state =>
            string.Equals(state.ResourceId, resourceId, StringComparison.OrdinalIgnoreCase));
        return resourceEvent is not null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed.Cancel();
        GC.SuppressFinalize(this);
    }

    internal ResourceEvent CurrentState(IResource resource) =>
        _states.TryGetValue(resource, out var state) ? state : new(resource, resource.Name, resource.InitialSnapshot());
}
