using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

internal sealed class Orchestrator : IHostedService
{
    internal static void AddTo(IServiceCollection services, Assembly? appHost, bool withConsole)
    {
        _ = appHost;
        _ = withConsole;
        services.AddHostedService<Orchestrator>();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
