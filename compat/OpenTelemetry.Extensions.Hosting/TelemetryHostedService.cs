using Microsoft.Extensions.Hosting;

namespace OpenTelemetry;

internal sealed class TelemetryHostedService(ITelemetryHostInitializer initializer) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        initializer.Initialize();
        return Task.CompletedTask;
    }

    // The container disposes the providers, and that flushes them.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
