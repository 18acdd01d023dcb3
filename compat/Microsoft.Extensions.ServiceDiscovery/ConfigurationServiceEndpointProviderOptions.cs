namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Options of the endpoints in the configuration.</summary>
public sealed class ConfigurationServiceEndpointProviderOptions
{
    /// <summary>The section that lists the services.</summary>
    public string SectionName { get; set; } = "Services";
}
