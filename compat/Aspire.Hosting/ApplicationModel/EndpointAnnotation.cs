using System.Globalization;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint of a resource.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource<AllocatedEndpoint> _allocation = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AllocatedEndpoint? _allocatedEndpoint;

    /// <summary>Describes an endpoint.</summary>
    /// <param name="protocol">The protocol below the scheme.</param>
    /// <param name="uriScheme">The scheme of its address; the protocol's name when not given.</param>
    /// <param name="transport">The transport; http for http and https.</param>
    /// <param name="name">Its name; the scheme when not given.</param>
    /// <param name="port">The port that others use.</param>
    /// <param name="targetPort">The port that the resource listens on.</param>
    /// <param name="isExternal">Whether it is published outside of the mesh.</param>
    /// <param name="isProxied">Whether a proxy may stand before it.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : protocol.ToString().ToLowerInvariant());
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    /// <summary>The protocol below the scheme.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The scheme of its address.</summary>
    public string UriScheme { get; set; }

    /// <summary>The transport.</summary>
    public string Transport { get; set; }

    /// <summary>Its name among the resource's endpoints.</summary>
    public string Name { get; set; }

    /// <summary>The port that others use; any when not given.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the resource listens on; the same when not given.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The host that the resource binds to.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>Whether it is published outside of the mesh.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether a proxy may stand before it.</summary>
    public bool IsProxied { get; set; }

    /// <summary>Whether references to the whole resource leave it out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Where it is in this run.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => _allocatedEndpoint;
        set
        {
            _allocatedEndpoint = value;
            if (value is not null)
            {
                _allocation.TrySetResult(value);
            }
        }
    }

    internal bool FromLaunchProfile { get; set; }

    /// <summary>The environment variable that tells the resource its port.</summary>
    internal string? PortVariable { get; set; }

    internal async Task<AllocatedEndpoint> WaitForAllocationAsync(CancellationToken cancellationToken)
    {
        await _allocation.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _allocatedEndpoint!;
    }
}

/// <summary>Where an endpoint is in this run.</summary>
public class AllocatedEndpoint
{
    /// <summary>Says where an endpoint is.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="address">Its host.</param>
    /// <param name="port">The port that others use.</param>
    /// <param name="targetPortExpression">The port that the resource listens on.</param>
    public AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentException.ThrowIfNullOrEmpty(address);
        ArgumentOutOfRangeException.ThrowIfNotEqual(port is > 0 and < 65536, true, nameof(port));
        Endpoint = endpoint;
        Address = address;
        Port = port;
        TargetPortExpression = targetPortExpression;
    }

    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; }

    /// <summary>Its host.</summary>
    public string Address { get; }

    /// <summary>The port that others use.</summary>
    public int Port { get; }

    /// <summary>The port that the resource listens on.</summary>
    public string? TargetPortExpression { get; }

    /// <summary>The scheme of its address.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>Host and port.</summary>
    public string EndPointString => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    /// <summary>The whole address.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc />
    public override string ToString() => UriString;
}
