using System.Globalization;
using System.Net;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Kafka;

/// <summary>Runs a broker of the model by a program of compat's.</summary>
internal sealed class LocalBroker(KafkaServerResource kafka)
{
    private const string AddressLine = "BOOTSTRAP ";

    internal Task<ProcessSpec> PrepareAsync(LocalProcessContext context, CancellationToken cancellationToken)
    {
        var port = kafka.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        return Task.FromResult(new ProcessSpec(
            DotNetHost.Path,
            [BrokerProgram.Path, "--port", port],
            context.Store.Scratch(kafka.Name)));
    }

    /// <summary>The broker may choose another port than it was asked to use; whoever waits for it is told that one.</summary>
    internal void Read(string line)
    {
        if (line.StartsWith(AddressLine, StringComparison.Ordinal)
            && line[AddressLine.Length..].Trim().Split(':') is [.. var host, var portText]
            && int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            var endpoint = kafka.PrimaryEndpoint.EndpointAnnotation;
            var name = IPAddress.TryParse(string.Concat(host), out var address) && IPAddress.IsLoopback(address)
                ? "localhost"
                : string.Concat(host);
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, name, port, portText);
        }
    }
}
