using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Kafka producers, with their health check, metrics and traces.</summary>
public static class AspireKafkaProducerExtensions
{
    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, null);

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, null);

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, Ignoring(configureBuilder));

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, configureBuilder);

    /// <inheritdoc cref="AddKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, Ignoring(configureBuilder));

    /// <summary>Registers <see cref="IProducer{TKey, TValue}"/> as a singleton.</summary>
    /// <param name="builder">Whose configuration is read and whose services are added to.</param>
    /// <param name="connectionName">The name of the connection string; also the name of a section under <c>Aspire:Confluent:Kafka:Producer</c>.</param>
    /// <param name="configureSettings">Changes the settings after they are bound.</param>
    /// <param name="configureBuilder">Changes the client's builder: serializers, handlers.</param>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, null);

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, null);

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, Ignoring(configureBuilder));

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, configureBuilder);

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey, TValue}(IHostApplicationBuilder, string, Action{KafkaProducerSettings}?, Action{IServiceProvider, ProducerBuilder{TKey, TValue}}?)"/>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, Ignoring(configureBuilder));

    /// <summary>Registers <see cref="IProducer{TKey, TValue}"/> as a singleton of the key <paramref name="name"/>.</summary>
    /// <param name="builder">Whose configuration is read and whose services are added to.</param>
    /// <param name="name">The name of the connection string and the service key; also the name of a section under <c>Aspire:Confluent:Kafka:Producer</c>.</param>
    /// <param name="configureSettings">Changes the settings after they are bound.</param>
    /// <param name="configureBuilder">Changes the client's builder: serializers, handlers.</param>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder, string connectionName, string? serviceKey, Action<KafkaProducerSettings>? configureSettings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        KafkaProducerSettings settings = new();
        KafkaClients.Bind(builder.Configuration, "Producer", connectionName, settings, settings.Config, to => settings.ConnectionString = to);
        configureSettings?.Invoke(settings);
        settings.Consolidate();

        // A null key is the plain registration.
        builder.Services.AddKeyedSingleton<IProducer<TKey, TValue>>(serviceKey, (services, _) => Create(services, settings, configureBuilder));
        KafkaClients.Observe(builder.Services, !settings.DisableMetrics, !settings.DisableTracing);
        if (!settings.DisableHealthChecks) KafkaClients.AddHealthCheck(builder, "Producer", serviceKey, settings.Config);
    }

    private static InstrumentedProducer<TKey, TValue> Create<TKey, TValue>(
        IServiceProvider services, KafkaProducerSettings settings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        settings.Validate();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaClients.LogCategory);
        ProducerBuilder<TKey, TValue> client = new(settings.Config);
        // The builder takes one log handler and refuses a second: the caller's first, ours if there is none.
        configureBuilder?.Invoke(services, client);
        try
        {
            client.SetLogHandler((_, message) => KafkaClients.Write(logger, message));
        }
        catch (InvalidOperationException)
        {
            Log.HandlerAlreadySet(logger);
        }

        return new(
            KafkaClients.Build(client.Build), metrics: !settings.DisableMetrics, traces: !settings.DisableTracing);
    }

    private static Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? Ignoring<TKey, TValue>(Action<ProducerBuilder<TKey, TValue>>? configure) =>
        configure is null ? null : (_, client) => configure(client);
}
