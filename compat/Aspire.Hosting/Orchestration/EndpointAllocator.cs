using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Gives every endpoint its address before anything starts: services refer to each other in cycles. There is no proxy
/// in between, so a process listens on the very port that others use.
/// </summary>
internal sealed class EndpointAllocator(IConfiguration configuration)
{
    // Below the range from which the kernel takes the ports of outgoing connections (32768 and above on Linux): such a
    // connection could take a port between its choice here and its use by the resource.
    private const int FirstPort = 20000;
    private const int LastPort = 32000;

    // Fixtures side by side in one process choose before either of them listens.
    private static readonly ConcurrentDictionary<int, byte> Chosen = new();

    private readonly bool _randomize = configuration.GetValue<bool>("DcpPublisher:RandomizePorts");

    public void Allocate(DistributedApplicationModel model)
    {
        var taken = new List<string>();
        foreach (var resource in model.Resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                if (FixedPort(resource, endpoint) is { } port)
                {
                    if (!IsFree(port))
                    {
                        taken.Add(string.Create(CultureInfo.InvariantCulture, $"Port {port} of '{resource.Name}' ({endpoint.Name}) is taken by another process."));
                    }
                }
                else
                {
                    port = FreePort();
                }

                var target = resource.RunsInContainer() ? endpoint.TargetPort ?? port : port;
                endpoint.AllocatedEndpoint = new(endpoint, "localhost", port, target.ToString(CultureInfo.InvariantCulture));
            }
        }

        if (taken.Count > 0)
        {
            throw new DistributedApplicationException(
                string.Join(Environment.NewLine, taken) + Environment.NewLine
                + "Stop what listens there (is the mesh up already?), or change the port in the AppHost or in the project's launchSettings.json.");
        }
    }

    // A program that listens on a port of its own choice is reached there; one that is told its port takes any.
    private int? FixedPort(IResource resource, EndpointAnnotation endpoint)
    {
        if (resource is ExecutableResource && endpoint is { TargetPort: { } own, PortVariable: null })
        {
            return own;
        }

        return _randomize ? null : endpoint.Port;
    }

    private static int FreePort()
    {
        for (var attempt = 0; attempt < LastPort - FirstPort; attempt++)
        {
            var port = Random.Shared.Next(FirstPort, LastPort);
            if (IsFree(port) && Chosen.TryAdd(port, 0))
            {
                return port;
            }
        }

        throw new DistributedApplicationException($"No port between {FirstPort} and {LastPort} is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var socket = Socket.OSSupportsIPv6
                ? new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true }
                : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
