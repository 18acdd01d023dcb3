using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the model by processes of this machine.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    EndpointAllocator endpoints,
    IDistributedApplicationEventing eventing,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    DependencyWaits waits,
    ContainerEngine engine,
    AspireStore store,
    Mesh mesh,
    IServiceProvider services,
    TimeProvider time) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ResourceRunner> _runners = [];
    private readonly List<Task> _starts = [];
    private Watcher? _watcher;

    internal static void AddTo(IServiceCollection services, bool withConsole)
    {
        services.AddSingleton<Mesh>();
        services.AddSingleton<EndpointAllocator>();
        services.AddSingleton<ContainerEngine>();
        services.AddSingleton<DependencyWaits>();
        services.AddHostedService<ResourceLogForwarder>();
        if (withConsole)
        {
            services.AddHostedService<MeshConsole>();
            services.AddHostedService<ParentWatch>();
        }

        services.AddHostedService<Orchestrator>();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await eventing.PublishAsync(new BeforeStartEvent(services, model), cancellationToken).ConfigureAwait(false);
        endpoints.Allocate(model);
        store.BeginRun(mesh);
        _watcher = Watcher.Start(mesh, [store.RunFolder]);
        var executionContext = services.GetRequiredService<DistributedApplicationExecutionContext>();
        var health = new HealthMonitor(services.GetRequiredService<HealthCheckService>(), notifications, loggers, eventing, services, time);
        var launch = new Launch(store, engine, executionContext, () => _watcher, services);
        var shared = new RunnerServices(mesh, _watcher, launch, engine, waits, health, notifications, loggers, eventing, executionContext, services, time);

        foreach (var resource in model.Resources.Where(each => each is IResourceWithEndpoints))
        {
            await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken).ConfigureAwait(false);
        }

        foreach (var parameter in model.Resources.OfType<ParameterResource>())
        {
            await ParameterStates.PublishAsync(parameter, notifications, loggers).ConfigureAwait(false);
        }

        foreach (var resource in model.Resources.Where(each => each is ProjectResource or ExecutableResource or ContainerResource))
        {
            var children = model.Resources.Where(each => each is IResourceWithParent child && ReferenceEquals(child.Parent, resource)).ToArray();
            var runner = new ResourceRunner(resource, children, shared);
            _runners.Add(runner);
            resource.Annotations.AddLifecycleCommands(runner, notifications, _stopping.Token);
            if (resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
            {
                await notifications.PublishUpdateAsync(resource, before => before with { State = KnownResourceStates.NotStarted }).ConfigureAwait(false);
            }
        }

        // All are on their way before this returns; what waits for others waits behind the host's back.
        _starts.AddRange(_runners
            .Where(runner => !runner.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
            .Select(runner => Task.Run(() => runner.StartAsync(_stopping.Token), CancellationToken.None)));
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await new OrderedStop(_runners, time).RunAsync().ConfigureAwait(false);
        await Task.WhenAll(_starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await engine.RemoveNetworkAsync().ConfigureAwait(false);
        if (_watcher is not null)
        {
            await _watcher.FinishAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _runners.ForEach(runner => runner.Dispose());
        _watcher?.Dispose();
        _stopping.Dispose();
    }
}
