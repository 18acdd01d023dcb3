using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AetherLink.AppHost;

/// <summary>
/// Writes the state of every resource to the file that <c>AetherLink:StatusFile</c> names, for scripts: one line for each
/// resource, with tabs between name, <c>required</c> or <c>optional</c>, state, health, exit code, how often it was started again
/// since the mesh was, ports and URLs; a dash for what is not known. The file is replaced as a whole, so that a reader never sees half of it.
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
            var states = new Dictionary<string, Seen>(StringComparer.Ordinal);
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                states[change.Resource.Name] = Seen.After(states.GetValueOrDefault(change.Resource.Name), change.Snapshot);
                await WriteAsync(states, stoppingToken);
            }
        }

        private async Task WriteAsync(Dictionary<string, Seen> states, CancellationToken cancellationToken)
        {
            var lines = model.Resources
                .Where(resource => resource is not ParameterResource)
                .Select(resource => Line(resource, states.GetValueOrDefault(resource.Name)));
            var temporary = path + ".new";
            await File.WriteAllLinesAsync(temporary, lines, cancellationToken);
            File.Move(temporary, path, overwrite: true);
        }

        private static string Line(IResource resource, Seen? seen)
        {
            var snapshot = seen?.Snapshot;
            // What nothing waits for and no service is made of: the containers that an engine may not be there for.
            var need = resource is Resources.PrometheusResource or Resources.GrafanaResource or Resources.KeycloakResource ? "optional" : "required";
            var urls = snapshot is null ? "" : string.Join(' ', snapshot.Urls.Where(url => !url.IsInternal).Select(url => url.Url));
            var ports = snapshot is null ? "" : string.Join(',', Ports(snapshot));
            var restarts = Math.Max(0, (seen?.Starts ?? 0) - 1).ToString(CultureInfo.InvariantCulture);
            return string.Join('\t', new[]
            {
                resource.Name, need, snapshot?.State?.Text, snapshot?.HealthStatus?.ToString(), snapshot?.ExitCode?.ToString(CultureInfo.InvariantCulture), restarts, ports, urls,
            }.Select(field => string.IsNullOrEmpty(field) ? "-" : field));
        }

        private static IEnumerable<int> Ports(CustomResourceSnapshot snapshot) => snapshot.Urls
            .Select(url => Uri.TryCreate(url.Url, UriKind.Absolute, out var address) ? address.Port : -1).Where(port => port > 0).Distinct().Order();
    }

    /// <summary>What was last seen of a resource, and how often it was seen to begin to run.</summary>
    private sealed record Seen(CustomResourceSnapshot Snapshot, int Starts)
    {
        public static Seen After(Seen? before, CustomResourceSnapshot now) => new(
            now, (before?.Starts ?? 0) + (IsRunning(now) && !IsRunning(before?.Snapshot) ? 1 : 0));

        private static bool IsRunning(CustomResourceSnapshot? snapshot) => snapshot?.State?.Text == KnownResourceStates.Running;
    }
}
