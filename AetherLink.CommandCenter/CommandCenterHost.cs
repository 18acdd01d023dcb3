using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Kafka;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter;

/// <summary>The service's table of contents. Tests build it too, as often as they like.</summary>
internal static class CommandCenterHost
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults(defaults => defaults.Name = "aether-command-center");
        builder.AddServiceDatabase<CommandCenterDb>(CommandCenterDb.ConnectionName, CommandCenterDb.Schema);
        builder.AddKafkaClients();
        builder.AddEvents();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapEvents();
        return app;
    }
}
