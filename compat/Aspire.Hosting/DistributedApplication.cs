using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application of several services.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly IBuilderObserver? _observer;
    private bool _isDisposed;

    /// <summary>Makes an application of a host.</summary>
    /// <param name="host">The host.</param>
    public DistributedApplication(IHost host)
        : this(host, observer: null)
    {
    }

    internal DistributedApplication(IHost host, IBuilderObserver? observer)
    {
        _host = host;
        _lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        _observer = observer;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Every resource's state.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Commands to resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    // The AppHost's own code runs in the flow of its observer, and the test's does not.
    private bool CalledByAppHostUnderTest => _observer is not null && ReferenceEquals(BuilderObserver.Current, _observer);

    /// <summary>Begins an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Begins an application.</summary>
    /// <param name="args">The command line.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Begins an application.</summary>
    /// <param name="options">How it is made.</param>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) =>
        new DistributedApplicationBuilder(options);

    /// <summary>Starts the application, and waits until it is stopped.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Starts the application, and waits until it is stopped.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (CalledByAppHostUnderTest)
        {
            await _observer!.WaitForStopAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            await _host.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DistributedApplicationException exception)
        {
            // What is wrong with the mesh is said in one line that names the fix; a stack trace would bury it.
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            Environment.ExitCode = 1;
        }
    }

    /// <summary>Starts the application.</summary>
    /// <param name="cancellationToken">Stops starting.</param>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) =>
        CalledByAppHostUnderTest ? _observer!.WaitForStartAsync() : _host.StartAsync(cancellationToken);

    /// <summary>Stops the application.</summary>
    /// <param name="cancellationToken">Stops waiting for an orderly end.</param>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) =>
        CalledByAppHostUnderTest ? _observer!.WaitForStopAsync() : _host.StopAsync(cancellationToken);

    /// <inheritdoc />
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the application where nobody has, and lets go of it.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (CalledByAppHostUnderTest || _isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_lifetime.ApplicationStarted.IsCancellationRequested && !_lifetime.ApplicationStopped.IsCancellationRequested)
        {
            await _host.StopAsync().ConfigureAwait(false);
        }

        await ((IAsyncDisposable)_host).DisposeAsync().ConfigureAwait(false);
    }

    Task IHost.StartAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    Task IHost.StopAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);
}
