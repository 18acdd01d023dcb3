using AetherLink.Orchestrator.Calls;
using AetherLink.Orchestrator.Governance;
using AetherLink.Orchestrator.Providers;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

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
        // A call runs where its request was read, and its answer is written where it ends: each hop to another thread is
        // a wake-up, which costs more than routing. Nothing in a call blocks.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddProviders();
        builder.Services.AddOrchestrate();
        builder.AddGovernance();
        return builder;
    }

    public static WebApplication MapOrchestrator(this WebApplication app)
    {
        app.MapDefaultEndpoints();
        app.MapOrchestrate();
        app.MapProviders();
        app.MapGovernance();
        return app;
    }
}
