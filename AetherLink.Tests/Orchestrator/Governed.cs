using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Orchestrator;

/// <summary>A replica whose budgets are in Postgres, and a question to it.</summary>
internal static class Governed
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task<OrchestratorApp> StartAsync(PostgresDatabase database, string yaml, params (string, string)[] settings)
    {
        var app = await OrchestratorApp.StartAsync(yaml, true, [("ConnectionStrings:aetherlink", database.ConnectionString), .. settings]);
        await app.Services.GetRequiredService<DatabaseReady>().WaitAsync();
        await Eventually.True(() => !app.Services.GetRequiredService<TenantBudgets>().IsAway, Patience, "budgets can be asked for");
        return app;
    }

    public static Task<HttpResponseMessage> AskAsync(OrchestratorApp app, string tenant) =>
        app.PostAsync(new { intent = "extract", tenant_id = tenant, payload = new { raw_text = "I'm Jane Doe" } });
}
