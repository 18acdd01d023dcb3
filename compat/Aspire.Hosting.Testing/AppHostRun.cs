using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// One run of an AppHost's entry point inside of a test. It stands still twice: before the application is built, until
/// the test asks for it, and in the AppHost's own run, until the test is done.
/// </summary>
internal sealed class AppHostRun(
    Assembly? appHost,
    string[] args,
    Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder) : IBuilderObserver, IAsyncDisposable
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _created = New<DistributedApplicationBuilder>();
    private readonly TaskCompletionSource _mayBuild = New();
    private readonly TaskCompletionSource<DistributedApplication> _built = New<DistributedApplication>();
    private readonly TaskCompletionSource _started = New();
    private readonly TaskCompletionSource _stopped = New();
    private readonly string _store = Path.Combine(Path.GetTempPath(), $"aspire-test-{Guid.NewGuid():n}");
    private DistributedApplicationBuilder? _empty;

    public IReadOnlyDictionary<string, string?> Configuration => new Dictionary<string, string?>
    {
        // Fixtures run side by side, and beside a mesh that is up: ports and folders of each one's own.
        ["DcpPublisher:RandomizePorts"] = "true",
        [Orchestration.AspireStore.PathKey] = _store,
    };

    public async Task<DistributedApplicationBuilder> BuilderAsync(CancellationToken cancellationToken)
    {
        var thread = new Thread(RunEntryPoint) { IsBackground = true, Name = $"AppHost {appHost!.GetName().Name}" };
        thread.Start();
        return await _created.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public DistributedApplicationBuilder CreateEmpty()
    {
        BuilderObserver.Current = this;
        try
        {
            _empty = new DistributedApplicationBuilder(args);
            return _empty;
        }
        finally
        {
            BuilderObserver.Current = null;
        }
    }

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.TrySetResult();
        _empty?.Build();
        return await _built.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.Args = [.. options.Args ?? [], .. appHost is null ? [] : args];
        options.DisableDashboard = true;
        options.AssemblyName ??= appHost?.GetName().Name;
        settings.EnvironmentName = Environments.Development;
        configureBuilder(options, settings);
    }

    public void OnCreated(DistributedApplicationBuilder builder)
    {
        if (appHost is null)
        {
            _created.TrySetResult(builder);
        }
    }

    public void OnBuilding(DistributedApplicationBuilder builder)
    {
        _created.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    public void OnBuilt(DistributedApplication application)
    {
        var lifetime = (IHostApplicationLifetime)application.Services.GetService(typeof(IHostApplicationLifetime))!;
        lifetime.ApplicationStarted.Register(() => _started.TrySetResult());
        lifetime.ApplicationStopped.Register(() => _stopped.TrySetResult());
        _built.TrySetResult(application);
    }

    public Task WaitForStartAsync() => _started.Task;

    public Task WaitForStopAsync() => _stopped.Task;

    public async ValueTask DisposeAsync()
    {
        _mayBuild.TrySetException(new OperationCanceledException("The test ended before the application was built."));
        if (_built.Task.IsCompletedSuccessfully)
        {
            var application = await _built.Task.ConfigureAwait(false);
            await application.DisposeAsync().ConfigureAwait(false);
        }

        _stopped.TrySetResult();
        if (Directory.Exists(_store))
        {
            Directory.Delete(_store, recursive: true);
        }
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the AppHost throws is what the test has to see.")]
    private void RunEntryPoint()
    {
        BuilderObserver.Current = this;
        try
        {
            var entryPoint = appHost!.EntryPoint
                ?? throw new InvalidOperationException($"The assembly '{appHost.GetName().Name}' has no entry point.");
            var result = entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? [] : [args]);
            (result as Task)?.GetAwaiter().GetResult();
            Fail(new InvalidOperationException("The AppHost ended before it built an application."));
        }
        catch (TargetInvocationException exception)
        {
            Fail(exception.InnerException ?? exception);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    // Without effect once the AppHost has come further.
    private void Fail(Exception exception)
    {
        _created.TrySetException(exception);
        _built.TrySetException(exception);
    }
}
