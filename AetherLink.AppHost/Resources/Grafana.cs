namespace AetherLink.AppHost.Resources;

/// <summary>A Grafana server with the mesh's data source and dashboards provisioned from <c>config/grafana</c>.</summary>
internal sealed class GrafanaResource(string name) : ContainerResource(name);

internal static class GrafanaBuilderExtensions
{
    private const int Port = 3000;

    /// <summary>Adds Grafana on port 3000, user <c>admin</c>.</summary>
    public static IResourceBuilder<GrafanaResource> AddGrafana(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource> adminPassword,
        IResourceBuilder<PrometheusResource> prometheus)
    {
        var grafana = builder.AddResource(new GrafanaResource(name))
            .WithImage("grafana/grafana", "12.2.0")
            .WithHttpEndpoint(port: builder.ExecutionContext.IsRunMode ? Port : null, targetPort: Port)
            .WithEnvironment("GF_SECURITY_ADMIN_PASSWORD", adminPassword)
            .WithEnvironment("PROMETHEUS_URL", prometheus.GetEndpoint("http"))
            .WithBindMount("../config/grafana/provisioning", "/etc/grafana/provisioning", isReadOnly: true)
            .WithBindMount("../config/grafana/dashboards", "/var/lib/grafana/dashboards", isReadOnly: true)
            .WithUrlForEndpoint("http", url => url.DisplayText = "Grafana");

        return builder.ExecutionContext.IsRunMode ? grafana.WithHttpHealthCheck("/api/health") : grafana;
    }

    /// <summary>Gives a service what it needs to write annotations: the address, and the administrator's credentials.</summary>
    public static void AnnotatesIn(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<GrafanaResource> grafana,
        IResourceBuilder<ParameterResource> adminPassword) =>
        service
            .WithEnvironment("GRAFANA_URL", grafana.GetEndpoint("http"))
            .WithEnvironment("GRAFANA_API_KEY", ReferenceExpression.Create($"admin:{adminPassword}"));
}
