using AetherLink.Orchestrator.Calls;
using AetherLink.Orchestrator.Providers;
using AetherLink.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(defaults =>
{
    defaults.Name = "ai-orchestrator-v2";
    defaults.AuditStatsPolicy = Policies.ReadAudit;
    defaults.PingExtras = services => new Dictionary<string, object?>
    {
        ["providers"] = services.GetRequiredService<ProviderChains>().Current.Order,
    };
});
builder.Services.AddProviders();
builder.Services.AddOrchestrate();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapOrchestrate();
app.MapProviders();
app.Run();
