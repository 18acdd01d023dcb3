using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Compat.Tests.OpenTelemetryHosting;

public sealed partial class OpenTelemetryBuilderTests
{
    [Fact]
    public void Telemetry_is_the_first_hosted_service_however_often_it_is_added()
    {
        var services = new ServiceCollection();
        services.AddHostedService<Other>();

        services.AddOpenTelemetry().WithMetrics();
        services.AddOpenTelemetry().WithTracing();

        var hosted = services.Where(service => service.ServiceType == typeof(IHostedService)).ToList();
        Assert.Equal(2, hosted.Count);
        Assert.Equal(typeof(Other), hosted[1].ImplementationType);
    }

    [Fact]
    public async Task Providers_listen_once_the_host_has_started()
    {
        using var source = new ActivitySource($"sample-{Guid.NewGuid():N}");
        using var meter = new Meter(source.Name);
        var counter = meter.CreateCounter<long>("orders");
        using var host = HostWith(telemetry => telemetry
            .WithTracing(tracing => tracing.AddSource(source.Name))
            .WithMetrics(metrics => metrics.AddMeter(meter.Name).AddReader(new BaseExportingMetricReader(new Nowhere()))));
        Assert.False(source.HasListeners());

        await host.StartAsync();

        Assert.True(source.HasListeners());
        Assert.True(counter.Enabled);
    }

    [Fact]
    public async Task Resource_is_shared_by_every_signal()
    {
        using var host = HostWith(telemetry => telemetry
            .ConfigureResource(resource => resource.AddService("orders"))
            .WithTracing()
            .WithMetrics()
            .WithLogging());
        await host.StartAsync();

        BaseProvider[] providers =
        [
            host.Services.GetRequiredService<TracerProvider>(),
            host.Services.GetRequiredService<MeterProvider>(),
            host.Services.GetRequiredService<LoggerProvider>(),
        ];

        Assert.All(providers, provider => Assert.Contains(
            provider.GetResource().Attributes,
            attribute => attribute is { Key: "service.name", Value: "orders" }));
    }

    [Fact]
    public async Task Log_records_reach_the_processors()
    {
        var records = new Records();
        using var host = HostWith(telemetry => telemetry.WithLogging(
            logging => logging.AddProcessor(records),
            options => options.IncludeFormattedMessage = true));
        await host.StartAsync();

        OrderIsLate(host.Services.GetRequiredService<ILogger<OpenTelemetryBuilderTests>>(), 7);

        Assert.Contains("Order 7 is late.", records.Messages);
    }

    private static IHost HostWith(Action<OpenTelemetryBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services.AddOpenTelemetry());
        return builder.Build();
    }

    [LoggerMessage(1, LogLevel.Warning, "Order {Id} is late.")]
    private static partial void OrderIsLate(ILogger logger, int id);

    private sealed class Other : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }

    private sealed class Nowhere : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }

    private sealed class Records : BaseProcessor<LogRecord>
    {
        public List<string?> Messages { get; } = [];

        public override void OnEnd(LogRecord data) => Messages.Add(data.FormattedMessage);
    }
}
