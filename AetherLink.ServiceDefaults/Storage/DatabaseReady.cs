using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AetherLink.ServiceDefaults;

/// <summary>Completes when the service's schema is up to date. Until then the service is alive, and not ready.</summary>
public sealed class DatabaseReady : IHealthCheck
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the schema is up to date.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Waits until the schema is up to date.</summary>
    public Task WaitAsync(CancellationToken cancellationToken = default) => _ready.Task.WaitAsync(cancellationToken);

    internal void Set() => _ready.TrySetResult();

    Task<HealthCheckResult> IHealthCheck.CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(IsReady
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The schema is not up to date yet."));
}
