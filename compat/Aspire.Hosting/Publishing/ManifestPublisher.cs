using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Publishing;

internal sealed class ManifestPublisher : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
