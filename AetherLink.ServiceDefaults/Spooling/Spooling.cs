using System.Diagnostics.Metrics;

namespace AetherLink.ServiceDefaults;

/// <summary>Topics with a spool before them.</summary>
public static class Spooling
{
    /// <summary>
    /// Adds the topic, to be asked for with <c>[FromKeyedServices(topic)] SpooledTopic</c>, and what hands it on to Kafka.
    /// </summary>
    public static IServiceCollection AddSpooledTopic(this IServiceCollection services, string topic)
    {
        if (services.Any(service => service.ServiceType == typeof(SpooledTopic) && Equals(service.ServiceKey, topic)))
            return services;

        services.AddKeyedSingleton(topic, (provider, _) =>
        {
            var folder = Path.Combine(provider.GetRequiredService<DataFolder>().For("spool"), topic);
            var limits = new SpoolLimits();
            var configuration = provider.GetRequiredService<IConfiguration>();
            limits = limits with { MaxBytes = configuration.GetValue("Spool:MaxBytes", limits.MaxBytes) };
            var spool = new SpooledTopic(topic, folder, limits, provider.GetRequiredService<ILogger<SpooledTopic>>(), provider.GetKeyedService<ISpoolFollower>(topic));
            provider.GetRequiredService<IMeterFactory>().Create(Telemetry.MeterName).CreateObservableGauge(
                "aetherlink_spool_pending",
                () => new Measurement<long>(spool.Pending, new KeyValuePair<string, object?>("topic", topic)),
                description: "Records that wait to be handed on to Kafka.");
            return spool;
        });
        services.AddSingleton<IHostedService>(provider => new SpoolDrain(
            provider.GetRequiredKeyedService<SpooledTopic>(topic),
            provider.GetRequiredService<IConfiguration>().GetConnectionString("kafka"),
            provider.GetRequiredService<ServiceIdentity>(),
            provider.GetRequiredService<TopicSignature>(),
            provider.GetRequiredService<ILogger<SpoolDrain>>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>Hands a topic's spool on, with a new producer after every failure: a fatal one ends a producer for good.</summary>
    private sealed class SpoolDrain(
        SpooledTopic topic, string? kafka, ServiceIdentity identity, TopicSignature signature, ILogger<SpoolDrain> logger, TimeProvider clock)
        : BackgroundLoop(logger, clock)
    {
        protected override async Task RunAsync(CancellationToken stopping)
        {
            if (string.IsNullOrEmpty(kafka))
            {
                Log.KafkaIsNotConfigured(logger, topic.Topic);
                return;
            }
            using var writer = new KafkaTopicWriter(topic.Topic, kafka, identity.Resource, signature, logger);
            await topic.DrainAsync(writer, stopping);
        }
    }
}
