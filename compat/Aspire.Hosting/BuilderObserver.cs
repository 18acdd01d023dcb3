using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Follows the making of an application from a test.</summary>
internal interface IBuilderObserver
{
    /// <summary>Configuration that the command line may still override.</summary>
    IReadOnlyDictionary<string, string?> Configuration { get; }

    void OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    void OnCreated(DistributedApplicationBuilder builder);

    void OnBuilding(DistributedApplicationBuilder builder);

    void OnBuilt(DistributedApplication application);

    /// <summary>Holds the AppHost's own start until the test has started the application.</summary>
    Task WaitForStartAsync();

    /// <summary>Holds the AppHost's own run until the test has stopped the application.</summary>
    Task WaitForStopAsync();
}

internal static class BuilderObserver
{
    // By asynchronous flow, not for the process: several fixtures make their applications side by side.
    private static readonly AsyncLocal<IBuilderObserver?> Flow = new();

    internal static IBuilderObserver? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }
}
