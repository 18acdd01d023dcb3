using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Writes the resources' output to the application's log, where that is asked for.</summary>
internal sealed class ResourceLogForwarder(
    ResourceLoggerService loggers,
    ILoggerFactory factory,
    IHostEnvironment environment,
    DistributedApplicationOptions options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.EnableResourceLogging)
        {
            loggers.Written += Forward;
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        loggers.Written -= Forward;
        return Task.CompletedTask;
    }

    private void Forward(string resource, LogLine line)
    {
        var logger = factory.CreateLogger($"{environment.ApplicationName}.Resources.{resource}");
        if (line.IsErrorMessage)
        {
            Log.ErrorLine(logger, line.LineNumber, line.Content);
        }
        else
        {
            Log.Line(logger, line.LineNumber, line.Content);
        }
    }
}
