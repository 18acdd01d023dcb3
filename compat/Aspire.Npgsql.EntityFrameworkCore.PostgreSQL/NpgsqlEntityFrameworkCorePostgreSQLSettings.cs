namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>
/// How a database context is connected and observed: bound from <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c>, then from
/// the section of the connection's name, then from that of the context's type.
/// </summary>
// Not sealed: the real one is open.
public class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:NAME</c> goes before the section's own.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves the retrying execution strategy out.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Leaves the health check out.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves Npgsql's traces out.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Leaves Npgsql's metrics out.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>How many seconds a command may take; Npgsql's own default is 30.</summary>
    public int? CommandTimeout { get; set; }
}
