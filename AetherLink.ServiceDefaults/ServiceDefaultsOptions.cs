namespace AetherLink.ServiceDefaults;

/// <summary>What a service may say about itself when it takes the defaults.</summary>
public sealed class ServiceDefaultsOptions
{
    /// <summary>What <c>/ping</c> says; the resource name when absent.</summary>
    public string? Name { get; set; }

    /// <summary>Added to the answer of <c>/ping</c>.</summary>
    public Func<IServiceProvider, IReadOnlyDictionary<string, object?>>? PingExtras { get; set; }

    /// <summary>Who may read <c>/audit/stats</c>.</summary>
    public string AuditStatsPolicy { get; set; } = Policies.ViewOps;

    /// <summary>False when the service maps <c>/ping</c> itself.</summary>
    public bool MapPing { get; set; } = true;

    /// <summary>False when the service maps <c>/health</c> itself; <c>/alive</c> stays.</summary>
    public bool MapHealth { get; set; } = true;

    /// <summary>
    /// The scheme that is asked when a request carries neither a token nor the roles header: the cookie of a web session.
    /// </summary>
    public string? SessionScheme { get; set; }

    /// <summary>Below it people have sessions, and tokens are not looked at: whoever has one asks the services themselves.</summary>
    public string SessionPath { get; set; } = "/api";
}
