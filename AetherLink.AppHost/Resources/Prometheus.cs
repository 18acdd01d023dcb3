using System.Text;

namespace AetherLink.AppHost.Resources;

/// <summary>A Prometheus server that scrapes the services which the model names.</summary>
internal sealed class PrometheusResource(string name) : ContainerResource(name)
{
    /// <summary>The services to scrape, in the order of the model.</summary>
    public List<IResourceWithEndpoints> Targets { get; } = [];
}

internal static class PrometheusBuilderExtensions
{
    private const int Port = 9090;

    /// <summary>Adds Prometheus on port 9090; its scrape configuration is rendered from the model when it starts.</summary>
    public static IResourceBuilder<PrometheusResource> AddPrometheus(this IDistributedApplicationBuilder builder, string name)
    {
        var prometheus = builder.AddResource(new PrometheusResource(name))
            .WithImage("prom/prometheus", "v3.5.0")
            .WithHttpEndpoint(port: builder.ExecutionContext.IsRunMode ? Port : null, targetPort: Port)
            .WithUrlForEndpoint("http", url => url.DisplayText = "Prometheus");

        return builder.ExecutionContext.IsPublishMode
            ? prometheus.WithBindMount("../config/prometheus", "/etc/prometheus", isReadOnly: true)
            : prometheus.WithHttpHealthCheck("/-/ready").WithContainerFiles("/etc/prometheus", async (context, cancellationToken) =>
            [
                new ContainerFile
                {
                    Name = "prometheus.yml",
                    Contents = await RenderAsync((PrometheusResource)context.Model, cancellationToken),
                },
            ]);
    }

    /// <summary>Scrapes a service's <c>/metrics</c>, with the resource's name as the job.</summary>
    public static void Scrapes(
        this IResourceBuilder<PrometheusResource> prometheus, IResourceBuilder<IResourceWithEndpoints> service) =>
        prometheus.Resource.Targets.Add(service.Resource);

    private static async Task<string> RenderAsync(PrometheusResource prometheus, CancellationToken cancellationToken)
    {
        var targets = new List<(string Job, string Address)>();
        foreach (var target in prometheus.Targets)
        {
            // Asked for by the container: the address is the one that its network knows, not the host's loopback.
            var address = await target.GetEndpoint("http").Property(EndpointProperty.HostAndPort)
                .GetValueAsync(new ValueProviderContext { Caller = prometheus }, cancellationToken);
            targets.Add((target.Name, address ?? throw new DistributedApplicationException(
                $"'{target.Name}' has no address for Prometheus to scrape.")));
        }

        return ScrapeConfiguration(targets);
    }

    /// <summary>The format is that of prometheus.io/docs/prometheus/latest/configuration/configuration.</summary>
    internal static string ScrapeConfiguration(IEnumerable<(string Job, string Address)> targets)
    {
        var yaml = new StringBuilder("global:\n  scrape_interval: 5s\nscrape_configs:\n");
        foreach (var (job, address) in targets)
        {
            yaml.Append("  - job_name: ").Append(job).Append("\n    static_configs:\n      - targets: ['").Append(address).Append("']\n");
        }

        return yaml.ToString();
    }
}
