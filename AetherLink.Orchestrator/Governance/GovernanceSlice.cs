using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Governance.Storage;
using AetherLink.Orchestrator.Governance.Usage;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AetherLink.Orchestrator.Governance;

/// <summary>What calls may cost, how many there may be, and what they did cost.</summary>
internal static class GovernanceSlice
{
    public static WebApplicationBuilder AddGovernance(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, GovernanceJson.Default));
        services.AddSingleton<BudgetJournal>();
        services.AddSingleton<TenantBudgets>();
        services.AddSingleton<ExpectedTenants>();
        services.AddSingleton<TenantRates>();
        services.AddSingleton<ResponseCache>();
        var isStored = builder.Configuration.GetConnectionString(OrchestratorDb.ConnectionName) is { Length: > 0 };
        services.AddSingleton(provider => new UsageLedger(provider.GetRequiredService<TimeProvider>(), isStored));
        services.AddHostedService<Leasing>();
        if (isStored)
        {
            builder.AddServiceDatabase<OrchestratorDb>(OrchestratorDb.ConnectionName, OrchestratorDb.Schema);
            services.AddSingleton<ILender, PostgresLender>();
            services.AddSingleton<UsageStore>();
            services.AddHostedService<UsageStoring>();
            // Calls go on without Postgres, and a restart would not bring it back.
            services.PostConfigure<HealthCheckServiceOptions>(health =>
            {
                foreach (var check in health.Registrations.Where(check => check.Name is "schema" or nameof(OrchestratorDb)))
                    check.FailureStatus = HealthStatus.Degraded;
            });
        }
        else
        {
            services.AddSingleton<ILender, WholeLender>();
        }
        return builder;
    }

    public static void MapGovernance(this IEndpointRouteBuilder app) => app.MapUsage();
}
