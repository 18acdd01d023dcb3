namespace AetherLink.ServiceDefaults;

/// <summary>The roles of people, and the one of services.</summary>
public static class Roles
{
    /// <summary>Views leads.</summary>
    public const string Viewer = "viewer";

    /// <summary>Views leads and runs AI.</summary>
    public const string Agent = "agent";

    /// <summary>Also views operations.</summary>
    public const string Operator = "operator";

    /// <summary>Also configures.</summary>
    public const string Admin = "admin";

    /// <summary>A service of the mesh; what it may do is in the scopes of its token.</summary>
    public const string Service = "service";

    internal static readonly string[] OfPeople = [Viewer, Agent, Operator, Admin];
}

/// <summary>What the token of a service may be good for.</summary>
public static class Scopes
{
    /// <summary>Publish events.</summary>
    public const string EventsPublish = "events.publish";

    /// <summary>Read events, also as a stream.</summary>
    public const string EventsRead = "events.read";

    /// <summary>Read the catalogue and the health of the mesh.</summary>
    public const string MeshRead = "mesh.read";

    /// <summary>Start, stop and restart resources.</summary>
    public const string MeshControl = "mesh.control";

    /// <summary>Run AI.</summary>
    public const string AiRun = "ai.run";

    /// <summary>Read what the healer did.</summary>
    public const string HealsRead = "heals.read";
}

/// <summary>The claims by which a principal is read, whatever signed it in.</summary>
public static class CallerClaims
{
    /// <summary>The caller's name.</summary>
    public const string Name = "name";

    /// <summary>One claim for each role.</summary>
    public const string Role = "roles";

    /// <summary>The caller's tenant, when it has one.</summary>
    public const string Tenant = "tenant_id";

    /// <summary>The person, as the issuer knows them, whatever they are called; absent where no issuer knows them.</summary>
    public const string Subject = "subject";

    /// <summary>A role of somebody without a tenant that only counts in one.</summary>
    internal const string RoleWithoutTenant = "roles_without_tenant";

    /// <summary>Scopes, separated by spaces.</summary>
    public const string Scope = "scope";
}
