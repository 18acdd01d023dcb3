namespace AetherLink.CommandCenter.Kafka;

internal static class KafkaClients
{
    public static WebApplicationBuilder AddKafkaClients(this WebApplicationBuilder builder)
    {
        var address = builder.Configuration.GetConnectionString("kafka");
        var kafka = new KafkaAddress(string.IsNullOrEmpty(address) ? null : address);
        var patience = builder.Configuration.GetValue("Kafka:PatienceSeconds", kafka.Patience.TotalSeconds);
        builder.Services.AddSingleton(kafka with { Patience = TimeSpan.FromSeconds(patience) });
        builder.Services.AddSingleton<TopicProducer>();
        builder.Services.AddSingleton<DeadLetters>();
        builder.Services.AddSingleton<ConsumerMetrics>();
        return builder;
    }
}
