using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What an environment callback is given.</summary>
/// <param name="executionContext">The mode the application runs in.</param>
/// <param name="resource">The resource whose environment it is.</param>
/// <param name="environmentVariables">The variables so far.</param>
/// <param name="cancellationToken">Stops the callback.</param>
public class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    Dictionary<string, object>? environmentVariables = null,
    CancellationToken cancellationToken = default)
{
    /// <summary>The variables so far: text, or something that gives a value.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    /// <summary>The mode the application runs in.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The resource whose environment it is.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Stops the callback.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The resource's log.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;
}

/// <summary>Adds to a resource's environment.</summary>
public class EnvironmentCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Calls back.</summary>
    /// <param name="callback">Adds the variables.</param>
    public EnvironmentCallbackAnnotation(Action<EnvironmentCallbackContext> callback)
        : this(context =>
        {
            callback(context);
            return Task.CompletedTask;
        })
    {
    }

    /// <summary>Calls back.</summary>
    /// <param name="callback">Adds the variables.</param>
    public EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) => Callback = callback;

    /// <summary>Adds the variables.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; }
}

/// <summary>What an arguments callback is given.</summary>
/// <param name="args">The arguments so far.</param>
/// <param name="resource">The resource whose arguments they are.</param>
/// <param name="cancellationToken">Stops the callback.</param>
public sealed class CommandLineArgsCallbackContext(
    IList<object> args,
    IResource resource,
    CancellationToken cancellationToken = default)
{
    /// <summary>The arguments so far: text, or something that gives a value.</summary>
    public IList<object> Args { get; } = args;

    /// <summary>The resource whose arguments they are.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Stops the callback.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The mode the application runs in.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; init; } = new(DistributedApplicationOperation.Run);
}

/// <summary>Adds to a resource's arguments.</summary>
/// <param name="callback">Adds the arguments.</param>
public class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Adds the arguments.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>What a resource waits for in another.</summary>
public enum WaitType
{
    /// <summary>That it runs and is healthy.</summary>
    WaitUntilHealthy = 0,

    /// <summary>That it has ended.</summary>
    WaitForCompletion = 1,

    /// <summary>That it runs.</summary>
    WaitUntilStarted = 2,
}

/// <summary>What a wait does when the other cannot become available.</summary>
public enum WaitBehavior
{
    /// <summary>Waits on: somebody may start it.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>Fails.</summary>
    StopOnResourceUnavailable = 1,
}

/// <summary>Says that a resource waits for another.</summary>
/// <param name="resource">The other.</param>
/// <param name="waitType">What it waits for.</param>
/// <param name="exitCode">The exit code that counts as completed.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The other.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What it waits for.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>The exit code that counts as completed.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What the wait does when the other cannot become available.</summary>
    public WaitBehavior? WaitBehavior { get; init; }
}

/// <summary>Names a health check that tells a resource's health.</summary>
/// <param name="key">The name the check was registered under.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The name the check was registered under.</summary>
    public string Key { get; } = key;
}

/// <summary>Says that a resource starts only when somebody asks.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>Relates a resource to another.</summary>
/// <param name="resource">The other.</param>
/// <param name="type">What the other is to it, such as Parent or Reference.</param>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What the other is to it.</summary>
    public string Type { get; } = type;
}

/// <summary>Says which endpoints of another resource are referenced.</summary>
/// <param name="resource">The other.</param>
public sealed class EndpointReferenceAnnotation(IResourceWithEndpoints resource) : IResourceAnnotation
{
    /// <summary>The other.</summary>
    public IResourceWithEndpoints Resource { get; } = resource;

    /// <summary>Whether all of its endpoints are.</summary>
    public bool UseAllEndpoints { get; set; }

    /// <summary>The endpoints that are.</summary>
    public ISet<string> EndpointNames { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>How a resource looks before anything happened.</summary>
/// <param name="initialSnapshot">The state.</param>
public class ResourceSnapshotAnnotation(CustomResourceSnapshot initialSnapshot) : IResourceAnnotation
{
    /// <summary>The state.</summary>
    public CustomResourceSnapshot InitialSnapshot { get; } = initialSnapshot;
}
