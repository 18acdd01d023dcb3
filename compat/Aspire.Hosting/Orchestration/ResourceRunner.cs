using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>The life of one resource: it waits, starts, runs, ends, and may begin again.</summary>
internal sealed class ResourceRunner(IResource resource, IReadOnlyList<IResource> children, RunnerServices mesh) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ILogger _logger = mesh.Loggers.GetLogger(resource);
    private CancellationTokenSource _waiting = new();
    private ResourceProcess? _process;
    private Task _watching = Task.CompletedTask;
    private bool _stopWanted;

    public IResource Resource => resource;

    /// <summary>Starts it once all that it waits for is there.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_process is not null)
            {
                return;
            }

            _stopWanted = false;
            _waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await WaitForOthersAsync(_waiting.Token).ConfigureAwait(false);
            await LaunchAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_waiting.IsCancellationRequested)
        {
            await PublishAsync(before => before with { State = KnownResourceStates.NotStarted }).ConfigureAwait(false);
        }
        catch (UnavailableException exception)
        {
            Log.Unavailable(_logger, exception.Message);
            await PublishAsync(before => before with { State = new(KnownResourceStates.RuntimeUnhealthy, KnownResourceStateStyles.Warn) }).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever keeps it from starting is its state, and the rest of the mesh goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.FailedToStart(_logger, exception.Message);
            await PublishAsync(before => before with { State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error) }).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops it: asked first, and killed after the grace.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        // A start that is still waiting holds the gate.
        await _waiting.CancelAsync().ConfigureAwait(false);
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_process is { } process)
            {
                _stopWanted = true;
                await PublishAsync(before => before with { State = KnownResourceStates.Stopping, IsReady = false }).ConfigureAwait(false);
                await process.StopAsync(grace).ConfigureAwait(false);
                await _watching.ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _waiting.Dispose();
        _gate.Dispose();
    }

    private async Task WaitForOthersAsync(CancellationToken cancellationToken)
    {
        if (resource.HasAnnotationOfType<WaitAnnotation>())
        {
            await PublishAsync(before => before with { State = KnownResourceStates.Waiting, ExitCode = null }).ConfigureAwait(false);
            await mesh.Waits.WaitAsync(resource, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        await PublishAsync(before => before with { State = KnownResourceStates.Starting, ExitCode = null, StopTimeStamp = null }).ConfigureAwait(false);
        await mesh.Eventing.PublishAsync(new BeforeResourceStartedEvent(resource, mesh.Services), cancellationToken).ConfigureAwait(false);
        var (spec, variables) = await mesh.Launch.PrepareAsync(resource, Write, cancellationToken).ConfigureAwait(false);
        var process = ResourceProcess.Start(spec, mesh.Mesh.MarkerOf(resource.Name), WriteLine, mesh.Watcher);
        _process = process;
        var urls = await ResourceUrls.FindAsync(resource, mesh.ExecutionContext, _logger, cancellationToken).ConfigureAwait(false);
        await PublishAsync(before => before with
        {
            State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            StartTimeStamp = mesh.Time.GetUtcNow().UtcDateTime,
            EnvironmentVariables = variables,
            Urls = urls,
            IsReady = false,
        }).ConfigureAwait(false);
        _watching = WatchAsync(process);
    }

    private async Task WatchAsync(ResourceProcess process)
    {
        using var ended = new CancellationTokenSource();
        var monitors = children.Prepend(resource).Select(each => mesh.Health.RunAsync(each, ended.Token)).ToArray();
        var exitCode = await process.Exited.ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(monitors).ConfigureAwait(false);
        if (resource is ContainerResource container && container.RunsInContainer())
        {
            await mesh.Engine.RemoveAsync(container).ConfigureAwait(false);
        }

        // Before the state that a start may follow at once.
        _process = null;
        var failed = exitCode != 0 && !_stopWanted;
        await PublishAsync(before => before with
        {
            State = exitCode == 0 && !_stopWanted
                ? new(KnownResourceStates.Finished, KnownResourceStateStyles.Success)
                : new(KnownResourceStates.Exited, failed ? KnownResourceStateStyles.Error : KnownResourceStateStyles.Info),
            ExitCode = exitCode,
            StopTimeStamp = mesh.Time.GetUtcNow().UtcDateTime,
            IsReady = false,
        }).ConfigureAwait(false);
    }

    /// <summary>A part of a resource, such as a database, is in the state of the whole.</summary>
    private async Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        foreach (var each in children.Prepend(resource))
        {
            await mesh.Notifications.PublishUpdateAsync(each, before =>
            {
                var after = change(before);
                var begins = after.State?.Text == KnownResourceStates.Running && before.State?.Text != KnownResourceStates.Running;
                return after with
                {
                    HealthReports = begins ? HealthMonitor.Pending(each) : after.HealthReports,
                    Urls = ReferenceEquals(each, resource) ? after.Urls : ImmutableArray<UrlSnapshot>.Empty,
                    EnvironmentVariables = ReferenceEquals(each, resource) ? after.EnvironmentVariables : [],
                };
            }).ConfigureAwait(false);
        }
    }

    private void Write(string line) => WriteLine(line, isError: false);

    private void WriteLine(string line, bool isError)
    {
        mesh.Loggers.Write(resource.Name, line, isError);
        if (resource.TryGetLastAnnotation<LocalProcessAnnotation>(out var local))
        {
            local.OnLine?.Invoke(line);
        }
    }
}
