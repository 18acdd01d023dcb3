using AetherLink.Orchestrator.Calls;
using AetherLink.Orchestrator.Providers;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator;

/// <summary>The service, for Program.cs and for tests.</summary>
internal static class OrchestratorHost
{
    public static WebApplicationBuilder AddOrchestrator(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults(defaults =>
        {
            defaults.Name = "ai-orchestrator-v2";
            defaults.AuditStatsPolicy = Policies.ReadAudit;
            defaults.PingExtras = services => new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["providers"] = services.GetRequiredService<ProviderChains>().Current.Order,
            };
        });
        builder.Services.AddProviders();
        builder.Services.AddOrchestrate();
        return builder;
    }

    public static WebApplication MapOrchestrator(this WebApplication app)
    {
        app.MapDefaultEndpoints();
        app.MapOrchestrate();
        app.MapProviders();
        return app;
    }
}
