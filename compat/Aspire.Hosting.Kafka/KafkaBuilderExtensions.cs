using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kafka;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>Describes Kafka brokers.</summary>
public static class KafkaBuilderExtensions
{
    private const int BrokerPort = 9092;
    private const int InternalBrokerPort = 9093;
    private const string DataFolder = "/var/lib/kafka/data";

    /// <summary>Adds a Kafka broker.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="port">Its port; any when not given.</param>
    public static IResourceBuilder<KafkaServerResource> AddKafka(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var kafka = new KafkaServerResource(name);
        var resource = builder.AddResource(kafka)
            .WithEndpoint(targetPort: BrokerPort, port: port, name: KafkaServerResource.PrimaryEndpointName)
            .WithEndpoint(targetPort: InternalBrokerPort, name: KafkaServerResource.InternalEndpointName)
            .WithImage("confluentinc/confluent-local", "8.2.0")
            .WithImageRegistry("docker.io")
            .WithEnvironment(context => ConfigureContainer(context, kafka));
        if (builder.ExecutionContext.IsRunMode)
        {
            var broker = new LocalBroker(kafka);
            resource.WithAnnotation(new LocalProcessAnnotation(broker.PrepareAsync) { OnLine = broker.Read });
        }

        var key = $"{name}_check";
        builder.Services.AddHealthChecks().AddCheck(key, new BrokerHealthCheck(kafka));
        return resource.WithHealthCheck(key);
    }

    /// <summary>Keeps the broker's data in a volume.</summary>
    /// <param name="builder">The broker.</param>
    /// <param name="name">The volume; one of this AppHost when not given.</param>
    /// <param name="isReadOnly">Whether the broker may only read it.</param>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder,
        string? name = null,
        bool isReadOnly = false) => builder
        .WithEnvironment("KAFKA_LOG_DIRS", DataFolder)
        .WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataFolder, isReadOnly);

    private static void ConfigureContainer(EnvironmentCallbackContext context, KafkaServerResource kafka)
    {
        var variables = context.EnvironmentVariables;
        variables["KAFKA_LISTENERS"] =
            $"PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:{BrokerPort},PLAINTEXT_INTERNAL://0.0.0.0:{InternalBrokerPort}";
        variables["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] =
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT";
        var outside = kafka.PrimaryEndpoint;
        var inside = kafka.InternalEndpoint;
        variables["KAFKA_ADVERTISED_LISTENERS"] = context.ExecutionContext.IsRunMode
            ? ReferenceExpression.Create($"PLAINTEXT://localhost:29092,PLAINTEXT_HOST://localhost:{outside.Property(EndpointProperty.Port)},PLAINTEXT_INTERNAL://{kafka.Name}:{inside.Property(EndpointProperty.TargetPort)}")
            : ReferenceExpression.Create($"PLAINTEXT://{outside.Property(EndpointProperty.Host)}:29092,PLAINTEXT_HOST://{outside.Property(EndpointProperty.HostAndPort)},PLAINTEXT_INTERNAL://{inside.Property(EndpointProperty.HostAndPort)}");
    }
}
