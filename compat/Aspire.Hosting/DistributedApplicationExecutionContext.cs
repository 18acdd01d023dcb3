namespace Aspire.Hosting;

/// <summary>What the application is asked to do.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>Run here.</summary>
    Run = 0,

    /// <summary>Write down how it is deployed.</summary>
    Publish = 1,
}

/// <summary>The mode the application runs in.</summary>
/// <param name="operation">What it is asked to do.</param>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    private IServiceProvider? _services;

    /// <summary>What it is asked to do.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Whether it runs here.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Whether it is published.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>The application's services, once it is built.</summary>
    public IServiceProvider ServiceProvider => _services
        ?? throw new InvalidOperationException("The services are not available before the application is built.");

    internal void Attach(IServiceProvider services) => _services = services;
}
