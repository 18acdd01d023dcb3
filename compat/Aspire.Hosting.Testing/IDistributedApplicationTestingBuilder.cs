namespace Aspire.Hosting.Testing;

/// <summary>An AppHost that a test may change before it is built.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Makes the application.</summary>
    /// <param name="cancellationToken">Stops making it.</param>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
