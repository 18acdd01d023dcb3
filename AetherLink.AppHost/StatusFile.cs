using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AetherLink.AppHost;

/// <summary>
/// Writes the state of every resource to the file that <c>AetherLink:StatusFile</c> names, for scripts: one line for each
/// resource, with tabs between name, <c>required</c> or <c>optional</c>, state, health, exit code and URLs; a dash for what
/// is not known. The file is replaced as a whole, so that a reader never sees half of it.
/// </summary>
internal static class StatusFile
{
    public static void WriteStatusFile(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode && builder.Configuration["AetherLink:StatusFile"] is { Length: > 0 } path)
        {
            builder.Services.AddHostedService(services => new Writer(
                path,
                services.GetRequiredService<ResourceNotificationService>(),
                services.GetRequiredService<DistributedApplicationModel>()));
        }
    }

    private sealed class Writer(string path, ResourceNotificationService notifications, DistributedApplicationModel model)
        : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var states = new Dictionary<string, CustomResourceSnapshot>();
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                states[change.Resource.Name] = change.Snapshot;
                await WriteAsync(states, stoppingToken);
            }
        }

        private async Task WriteAsync(Dictionary<string, CustomResourceSnapshot> states, CancellationToken cancellationToken)
        {
            var lines = model.Resources
                .Where(resource => resource is not ParameterResource)
                .Select(resource => Line(resource, states.GetValueOrDefault(resource.Name)));
            var temporary = path + ".new";
            await File.WriteAllLinesAsync(temporary, lines, cancellationToken);
            File.Move(temporary, path, overwrite: true);
        }

        private static string Line(IResource resource, CustomResourceSnapshot? snapshot)
        {
            // What nothing waits for and no service is made of: the containers that an engine may not be there for.
            var need = resource is Resources.PrometheusResource or Resources.GrafanaResource or Resources.KeycloakResource ? "optional" : "required";
            var urls = snapshot is null ? "" : string.Join(' ', snapshot.Urls.Where(url => !url.IsInternal).Select(url => url.Url));
            return string.Join('\t', new[]
            {
                resource.Name, need, snapshot?.State?.Text, snapshot?.HealthStatus?.ToString(), snapshot?.ExitCode?.ToString(), urls,
            }.Select(field => string.IsNullOrEmpty(field) ? "-" : field));
        }
    }
}
