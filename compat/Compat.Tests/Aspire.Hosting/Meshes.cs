using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Compat.Tests.AspireHosting;

/// <summary>Meshes of a test's own, and what a test asks of them.</summary>
internal static class Meshes
{
    // Longer than the slowest start on a busy machine, shorter than a build's patience.
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static IDistributedApplicationTestingBuilder Empty(params string[] args) => DistributedApplicationTestingBuilder.Create(args);

    public static IResourceBuilder<ProjectResource> AddService(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject<Projects.TestService>(name).WithHttpHealthCheck("/health");

    public static async Task<DistributedApplication> StartAsync(this IDistributedApplicationTestingBuilder builder)
    {
        var app = await builder.BuildAsync();
        await app.StartAsync().WaitAsync(Deadline);
        return app;
    }

    public static Task<ResourceEvent> Healthy(this DistributedApplication app, string resource) =>
        app.ResourceNotifications.WaitForResourceHealthyAsync(resource).WaitAsync(Deadline);

    public static async Task<CustomResourceSnapshot> Reaches(this DistributedApplication app, string resource, string state)
    {
        var reached = await app.ResourceNotifications
            .WaitForResourceAsync(resource, update => update.Snapshot.State?.Text == state)
            .WaitAsync(Deadline);
        return reached.Snapshot;
    }

    public static string? StateOf(this DistributedApplication app, string resource) =>
        app.ResourceNotifications.TryGetCurrentState(resource, out var current) ? current.Snapshot.State?.Text : null;

    public static async Task<string> Logged(this DistributedApplication app, string resource, string part)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var lines = app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource);
        await foreach (var line in lines.WithCancellation(deadline.Token))
        {
            if (line.FirstOrDefault(each => each.Content.Contains(part, StringComparison.Ordinal)).Content is { } found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"'{resource}' wrote nothing with '{part}'.");
    }
}
