using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>What a producer's and a consumer's registration have in common.</summary>
internal static class KafkaClients
{
    public const string LogCategory = "Aspire.Confluent.Kafka";

    /// <summary>The section for all, then the section of this name, then the connection string, then the code: the later wins.</summary>
    public static void Bind(IConfiguration configuration, string role, string connectionName, object settings, ClientConfig config, Action<string> connect)
    {
        var all = configuration.GetSection($"Aspire:Confluent:Kafka:{role}");
        var named = all.GetSection(connectionName);
        foreach (var section in new[] { all, named })
        {
            section.Bind(settings);
            // The binder does not reach into a property without a setter whose type enumerates key-value pairs.
            section.GetSection("Config").Bind(config);
        }

        if (configuration.GetConnectionString(connectionName) is { } connectionString) connect(connectionString);
    }

    public static void Observe(IServiceCollection services, bool metrics, bool tracing)
    {
        if (metrics) services.AddOpenTelemetry().WithMetrics(meters => meters.AddMeter(KafkaTelemetry.Name));
        if (tracing) services.AddOpenTelemetry().WithTracing(traces => traces.AddSource(KafkaTelemetry.Name));
    }

    public static void AddHealthCheck(IHostApplicationBuilder builder, string role, string? serviceKey, ClientConfig config)
    {
        var name = serviceKey is null ? $"Aspire.Confluent.Kafka.{role}" : $"Aspire.Confluent.Kafka.{role}_{serviceKey}";
        // Two clients of one name share a check; health checks of equal names would fail the application's start.
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true)) return;
        builder.Services.AddKeyedSingleton(name, (_, _) => new KafkaHealthCheck(config));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, services => services.GetRequiredKeyedService<KafkaHealthCheck>(name), failureStatus: null, tags: null));
    }

    public static void Write(ILogger logger, LogMessage message) =>
        logger.Log((LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging), default, message.Message, null, static (text, _) => text);

    /// <summary>The first client loads librdkafka: say what to install rather than which loader paths were tried.</summary>
    public static TClient Build<TClient>(Func<TClient> build)
    {
        try
        {
            return build();
        }
        catch (Exception e) when (e is DllNotFoundException || e.InnerException is DllNotFoundException)
        {
            throw new InvalidOperationException(
                "librdkafka, the native Kafka client, is not beside the application. Install it (./aether setup, or apt-get install librdkafka1) and build again.", e);
        }
    }
}
