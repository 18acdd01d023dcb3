using System.Diagnostics.Metrics;

namespace AetherLink.ServiceDefaults;

internal static class Events
{
    public static void AddEvents(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        // A service without Kafka has nowhere to publish to; a spool would only fill its disk.
        if (builder.Configuration.GetConnectionString("kafka") is { Length: > 0 })
            services.AddSpooledTopic(Topics.OpsEvents);
        services.AddSingleton(provider => new OpsEventPublisher(
            provider.GetKeyedService<SpooledTopic>(Topics.OpsEvents),
            provider.GetRequiredService<ServiceIdentity>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<ILogger<OpsEventPublisher>>()));

        services.AddSingleton(provider => new OpenRegions(
            Grafana.Of(builder.Configuration) is null ? null : Path.Combine(provider.GetRequiredService<DataFolder>().Path, "annotations", "regions.json"),
            provider.GetRequiredService<ILogger<OpenRegions>>()));
        services.AddSingleton(provider => new GrafanaAnnotations(
            builder.Configuration, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<OpenRegions>()));
        services.AddHostedService<AnnotationSender>();
    }
}
