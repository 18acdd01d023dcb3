using Microsoft.EntityFrameworkCore;

namespace AetherLink.Orchestrator.Governance.Storage;

/// <summary>The Orchestrator's schema: its budgets, the slices of them that are leased, and its own counts.</summary>
internal sealed class OrchestratorDb(DbContextOptions<OrchestratorDb> options) : DbContext(options)
{
    public const string ConnectionName = "aetherlink";
    public const string Schema = "orchestrator";
}
