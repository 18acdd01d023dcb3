namespace AetherLink.CommandCenter.Kafka;

internal static class KafkaClients
{
    public static WebApplicationBuilder AddKafkaClients(this WebApplicationBuilder builder)
    {
        var address = builder.Configuration.GetConnectionString("kafka");
        builder.Services.AddSingleton(new KafkaAddress(string.IsNullOrEmpty(address) ? null : address));
        builder.Services.AddSingleton<TopicProducer>();
        builder.Services.AddSingleton<DeadLetters>();
        builder.Services.AddSingleton<ConsumerMetrics>();
        return builder;
    }
}
