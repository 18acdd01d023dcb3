using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.Orchestration;

/// <summary>What the runners of a mesh share.</summary>
internal sealed record RunnerServices(
    Mesh Mesh,
    Watcher Watcher,
    Launch Launch,
    ContainerEngine Engine,
    DependencyWaits Waits,
    HealthMonitor Health,
    ResourceNotificationService Notifications,
    ResourceLoggerService Loggers,
    IDistributedApplicationEventing Eventing,
    DistributedApplicationExecutionContext ExecutionContext,
    IServiceProvider Services,
    TimeProvider Time);

/// <summary>This machine cannot run the resource, through no fault of the model's.</summary>
internal sealed class UnavailableException(string message) : DistributedApplicationException(message);
