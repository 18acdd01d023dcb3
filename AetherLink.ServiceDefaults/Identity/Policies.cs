using System.Security.Claims;
using static AetherLink.ServiceDefaults.Roles;

namespace AetherLink.ServiceDefaults;

/// <summary>The named policies: every endpoint has one.</summary>
public static class Policies
{
    /// <summary>Anybody, also anonymous.</summary>
    public const string Public = "public";

    /// <summary>Viewer, agent, operator, admin.</summary>
    public const string ViewLeads = "view-leads";

    /// <summary>Agent, operator, admin; a service with <see cref="Scopes.AiRun"/>.</summary>
    public const string RunAi = "run-ai";

    /// <summary>Operator, admin.</summary>
    public const string ViewOps = "view-ops";

    /// <summary>Admin.</summary>
    public const string Configure = "configure";

    /// <summary>Agent, operator, admin; a service with <see cref="Scopes.EventsPublish"/>.</summary>
    public const string PublishEvents = "publish-events";

    /// <summary>Operator, admin; a service with <see cref="Scopes.EventsRead"/>.</summary>
    public const string ReadEvents = "read-events";

    /// <summary>Operator, admin; a service with <see cref="Scopes.MeshRead"/>.</summary>
    public const string ReadMesh = "read-mesh";

    /// <summary>
    /// Anybody; with <c>AUTOHEAL_REQUIRE_ROLES</c> (on everywhere but in Development) operator, admin, or a service with
    /// <see cref="Scopes.HealsRead"/>.
    /// </summary>
    public const string ReadHeals = "read-heals";

    /// <summary>Agent, operator, admin.</summary>
    public const string ReadAudit = "read-audit";

    /// <summary>A service with <see cref="Scopes.MeshControl"/>.</summary>
    public const string ControlMesh = "control-mesh";

    internal static IReadOnlyDictionary<string, PolicyRule> Rules(IConfiguration configuration, IHostEnvironment environment)
    {
        var healsNeedRoles = configuration.GetValue("AUTOHEAL_REQUIRE_ROLES", !environment.IsDevelopment());
        return new PolicyRule[]
        {
            new(Public, Anybody: true),
            new(ViewLeads, Viewer, Agent, Operator, Admin),
            new(RunAi, Agent, Operator, Admin) { Scope = Scopes.AiRun },
            new(ViewOps, Operator, Admin),
            new(Configure, Admin),
            new(PublishEvents, Agent, Operator, Admin) { Scope = Scopes.EventsPublish },
            new(ReadEvents, Operator, Admin) { Scope = Scopes.EventsRead },
            new(ReadMesh, Operator, Admin) { Scope = Scopes.MeshRead },
            new(ReadHeals, Anybody: !healsNeedRoles, Operator, Admin) { Scope = Scopes.HealsRead },
            new(ReadAudit, Agent, Operator, Admin),
            new(ControlMesh) { Scope = Scopes.MeshControl },
        }.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
    }
}

/// <summary>Who passes a policy: anybody, people by role, services by scope.</summary>
internal sealed record PolicyRule(string Name, bool Anybody, params string[] Roles)
{
    public PolicyRule(string name, params string[] roles) : this(name, false, roles) { }

    public string? Scope { get; init; }

    public bool Allows(ClaimsPrincipal user) =>
        Anybody
        || Roles.Any(role => user.HasClaim(CallerClaims.Role, role))
        || (Scope is not null && user.HasClaim(CallerClaims.Role, Service) && user.Scopes().Contains(Scope));

    public string Wanted => (Roles, Scope) switch
    {
        ({ Length: 0 }, { } scope) => $"a service with scope {scope}",
        (_, null) => $"one of {string.Join(", ", Roles)}",
        _ => $"one of {string.Join(", ", Roles)}, or a service with scope {Scope}",
    };
}
