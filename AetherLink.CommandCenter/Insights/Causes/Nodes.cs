namespace AetherLink.CommandCenter.Insights.Causes;

/// <summary>The names of the graph's nodes: a service or a part of the mesh has the AppHost's name for it, what is outside says what it is.</summary>
internal static class Nodes
{
    public const string Postgres = "postgres";

    public const string Kafka = "kafka";

    public const string Orchestrator = "orchestrator";

    private const string ProviderPrefix = "provider:";
    private const string EndpointPrefix = "endpoint:";
    private const string TenantPrefix = "tenant:";

    /// <summary>The provider that runs within the Orchestrator: its faults are the Orchestrator's own.</summary>
    private const string OwnProvider = "local";

    public static string Provider(string name) => name == OwnProvider ? Orchestrator : ProviderPrefix + name;

    public static string Endpoint(string id) => EndpointPrefix + id;

    public static string Tenant(string id) => TenantPrefix + id;

    /// <summary>What is outside the mesh, and whom of the mesh its fault reaches first.</summary>
    public static (string Dependent, string Dependency)? ReferenceTo(string node, string commandCenter) =>
        node.StartsWith(ProviderPrefix, StringComparison.Ordinal) ? (Orchestrator, node)
        : node.StartsWith(EndpointPrefix, StringComparison.Ordinal) || node.StartsWith(TenantPrefix, StringComparison.Ordinal) ? (commandCenter, node)
        : null;
}
