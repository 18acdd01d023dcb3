using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Compat.Tests.Kafka;

public sealed class KafkaRegistrationTests
{
    [Fact]
    public void Settings_come_from_all_then_the_name_then_the_connection_string_then_the_code()
    {
        var builder = Builder(
            new("Aspire:Confluent:Kafka:Consumer:ConnectionString", "section:1"),
            new("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "all"),
            new("Aspire:Confluent:Kafka:Consumer:Config:SessionTimeoutMs", "7000"),
            new("Aspire:Confluent:Kafka:Consumer:Config:ClientId", "all"),
            new("Aspire:Confluent:Kafka:Consumer:kafka:Config:ClientId", "named"),
            new("Aspire:Confluent:Kafka:Consumer:kafka:DisableHealthChecks", "true"),
            new("ConnectionStrings:kafka", "connection:2"));

        builder.AddKafkaConsumer<string, string>("kafka", settings =>
        {
            Assert.Equal("connection:2", settings.ConnectionString);
            Assert.Equal(("all", 7000, "named"), (settings.Config.GroupId, settings.Config.SessionTimeoutMs, settings.Config.ClientId));
            Assert.True(settings.DisableHealthChecks);
            settings.Config.GroupId = "code";
        });

        using var services = builder.Services.BuildServiceProvider();
        Assert.Empty(services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations);
    }

    [Fact]
    public void Keyed_clients_are_apart_and_have_their_own_health_checks()
    {
        var builder = Builder(new("ConnectionStrings:first", "127.0.0.1:1"), new("ConnectionStrings:second", "127.0.0.1:2"));
        List<string?> addresses = [];
        builder.AddKeyedKafkaProducer<string, string>("first", settings => addresses.Add(settings.ConnectionString));
        builder.AddKeyedKafkaProducer<string, string>("second", settings => addresses.Add(settings.ConnectionString));

        using var services = builder.Services.BuildServiceProvider();

        Assert.Equal(["127.0.0.1:1", "127.0.0.1:2"], addresses);
        Assert.NotSame(
            services.GetRequiredKeyedService<IProducer<string, string>>("first"),
            services.GetRequiredKeyedService<IProducer<string, string>>("second"));
        Assert.Null(services.GetService<IProducer<string, string>>());
        Assert.Equal(
            ["Aspire.Confluent.Kafka.Producer_first", "Aspire.Confluent.Kafka.Producer_second"],
            services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(check => check.Name));
    }

    [Fact]
    public void Client_without_a_connection_string_fails_at_its_first_use_and_not_before()
    {
        var builder = Builder();
        builder.AddKafkaProducer<string, string>("kafka");
        using var services = builder.Services.BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<IProducer<string, string>>);
        Assert.Equal("No bootstrap servers configured.", error.Message);
    }

    [Fact]
    public void Consumer_without_a_group_fails_at_its_first_use()
    {
        var builder = Builder(new KeyValuePair<string, string?>("ConnectionStrings:kafka", "127.0.0.1:1"));
        builder.AddKafkaConsumer<string, string>("kafka");
        using var services = builder.Services.BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<IConsumer<string, string>>);
        Assert.Equal("No group id configured.", error.Message);
    }

    [Fact]
    public void Builder_may_be_changed_with_services_at_hand_and_keeps_its_own_log_handler()
    {
        var builder = Builder(new KeyValuePair<string, string?>("ConnectionStrings:kafka", "127.0.0.1:1"));
        builder.Services.AddSingleton("a service");
        var seen = "";
        builder.AddKafkaProducer<string, string>("kafka", (services, producer) =>
        {
            seen = services.GetRequiredService<string>();
            producer.SetLogHandler((_, _) => { });
        });
        using var host = builder.Services.BuildServiceProvider();

        Assert.NotNull(host.GetRequiredService<IProducer<string, string>>());
        Assert.Equal("a service", seen);
    }

    private static HostApplicationBuilder Builder(params KeyValuePair<string, string?>[] configuration)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Services.AddLogging();
        return builder;
    }
}
