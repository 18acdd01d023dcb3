using AetherLink.CommandCenter.AiUsage;
using AetherLink.CommandCenter.Alerts;
using AetherLink.CommandCenter.Deliveries;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Following;
using AetherLink.CommandCenter.Healing;
using AetherLink.CommandCenter.Insights;
using AetherLink.CommandCenter.Kafka;
using AetherLink.CommandCenter.Mesh;
using AetherLink.CommandCenter.Operators;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter;

/// <summary>The service's table of contents. Tests build it too, as often as they like.</summary>
internal static class CommandCenterHost
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        // Before the defaults, whose own handler takes every exception.
        builder.Services.AddExceptionHandler<StorageAway>();
        builder.AddServiceDefaults(defaults => defaults.Name = "aether-command-center");
        builder.AddServiceDatabase<CommandCenterDb>(CommandCenterDb.ConnectionName, CommandCenterDb.Schema);
        builder.AddKafkaClients();
        builder.AddEvents();
        builder.AddFollowing();
        builder.AddAlerts();
        builder.AddDeliveries();
        builder.AddHealing();
        builder.AddMesh();
        builder.AddAiUsage();
        builder.AddInsights();
        builder.AddOperators();

        var app = builder.Build();
        app.UseOperatorMetrics();
        app.MapDefaultEndpoints();
        app.MapEvents();
        app.MapAlerts();
        app.MapDeliveries();
        app.MapHealing();
        app.MapMesh();
        app.MapAiUsage();
        app.MapInsights();
        app.MapOperators();
        return app;
    }
}
