namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>What a series says something of.</summary>
internal enum MeasureKind
{
    /// <summary>How much a tenant sends.</summary>
    Events,

    /// <summary>How often a provider or an endpoint fails.</summary>
    Failures,

    /// <summary>How long a service, a provider or an endpoint takes.</summary>
    Latency,
}

/// <summary>One thing that is measured at one node, over all tenants that are looked at.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Witness">Who measured it: what it says of time is worth nothing while it is slow itself.</param>
/// <param name="Name">The series, for a person to look at; of several one tenant's.</param>
internal readonly record struct Measure(string Node, MeasureKind Kind, string Witness, string Name)
{
    /// <summary>Null for what says nothing of a cause.</summary>
    public static Measure? Of(string tenant, string series, string self) => series.Split('/') switch
    {
        ["events", ..] => new(Nodes.Tenant(tenant), MeasureKind.Events, self, "events"),
        ["services", var service, "latency"] => new(service, MeasureKind.Latency, self, series),
        ["ai", .. var provider, "failures"] => new(Nodes.Provider(string.Join('/', provider)), MeasureKind.Failures, Nodes.Orchestrator, series),
        ["ai", .. var provider, "latency"] => new(Nodes.Provider(string.Join('/', provider)), MeasureKind.Latency, Nodes.Orchestrator, series),
        ["deliveries", var endpoint, "failures"] => new(Nodes.Endpoint(endpoint), MeasureKind.Failures, self, series),
        ["deliveries", var endpoint, "latency"] => new(Nodes.Endpoint(endpoint), MeasureKind.Latency, self, series),
        _ => null,
    };
}
