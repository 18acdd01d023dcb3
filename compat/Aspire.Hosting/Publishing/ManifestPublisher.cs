using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the manifest of the application, and ends it: nothing is started.</summary>
internal sealed class ManifestPublisher(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext executionContext,
    IDistributedApplicationEventing eventing,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    IServiceProvider services,
    ILogger<ManifestPublisher> logger) : IHostedService
{
    private const string FileName = "aspire-manifest.json";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration["Publishing:Publisher"] is { Length: > 0 } publisher && publisher != "manifest")
        {
            throw new DistributedApplicationException($"There is no publisher '{publisher}' here; 'manifest' is the one.");
        }

        var output = configuration["Pipeline:OutputPath"] ?? configuration["Publishing:OutputPath"] ?? throw new DistributedApplicationException(
            "The '--output-path [path]' option was not specified even though '--publisher manifest' argument was used.");
        var path = Path.GetFullPath(output.EndsWith(".json", StringComparison.Ordinal) ? output : Path.Combine(output, FileName));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        await eventing.PublishAsync(new BeforeStartEvent(services, model), cancellationToken).ConfigureAwait(false);
        var stream = new FileStream(path, FileMode.Create);
        await using (stream.ConfigureAwait(false))
        {
            var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            await using (writer.ConfigureAwait(false))
            {
                await new ManifestPublishingContext(executionContext, path, writer, cancellationToken).WriteModelAsync(model).ConfigureAwait(false);
            }
        }

        Log.Published(logger, path);
        lifetime.StopApplication();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
