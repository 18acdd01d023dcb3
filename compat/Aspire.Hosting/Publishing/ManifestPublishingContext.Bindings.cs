using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <content>Where resources listen in a deployment.</content>
public sealed partial class ManifestPublishingContext
{
    // From here up, ports are chosen for endpoints that nobody has given one.
    private const int FirstAllocatedPort = 8000;

    private readonly HashSet<int> _usedPorts = [];

    /// <summary>Writes the endpoints of a resource.</summary>
    /// <param name="resource">The resource.</param>
    public void WriteBindings(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
        if (endpoints.Length == 0)
        {
            return;
        }

        var schemes = new HashSet<string>();
        Writer.WriteStartObject("bindings");
        foreach (var endpoint in endpoints)
        {
            var isHttp = endpoint.UriScheme is "http" or "https";
            var isFirstOfScheme = resource is ProjectResource && isHttp && schemes.Add(endpoint.UriScheme);

            // A project's first endpoint of a scheme listens where its deployment tells it to.
            var target = endpoint.TargetPort
                ?? (resource is ContainerResource ? endpoint.Port : null)
                ?? (isFirstOfScheme ? null : Allocate());
            var exposed = endpoint.Port ?? (target is null && !isHttp ? Allocate() : null);

            Writer.WriteStartObject(endpoint.Name);
            Writer.WriteString("scheme", endpoint.UriScheme);
            Writer.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
            Writer.WriteString("transport", endpoint.Transport);
            if (exposed is { } port && exposed != target)
            {
                Writer.WriteNumber("port", port);
            }

            if (target is { } targetPort)
            {
                Writer.WriteNumber("targetPort", targetPort);
            }

            if (endpoint.IsExternal)
            {
                Writer.WriteBoolean("external", true);
            }

            Writer.WriteEndObject();
            _usedPorts.UnionWith(new[] { target, exposed }.OfType<int>());
        }

        Writer.WriteEndObject();
    }

    private int Allocate() => Enumerable.Range(FirstAllocatedPort, ushort.MaxValue - FirstAllocatedPort).First(port => !_usedPorts.Contains(port));
}
