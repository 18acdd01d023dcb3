using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Takes the host and port as they are asked for: a service that nobody knows is an ordinary host.</summary>
internal sealed class PassThroughServiceEndpointProviderFactory : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = new Provider(EndPointOf(query));
        return true;
    }

    private static EndPoint EndPointOf(ServiceEndpointQuery query)
    {
        var text = query.ToString()!;
        var authority = text.Contains("://", StringComparison.Ordinal) ? text : $"any://{text}";
        var port = Uri.TryCreate(authority, UriKind.Absolute, out var uri) ? Math.Max(uri.Port, 0) : 0;
        return IPAddress.TryParse(query.ServiceName, out var ip)
            ? new IPEndPoint(ip, port)
            : new DnsEndPoint(query.ServiceName is { Length: > 0 } host ? host : text, port);
    }

    private sealed class Provider(EndPoint endPoint) : IServiceEndpointProvider
    {
        public ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
        {
            if (endpoints.Endpoints.Count == 0)
            {
                var endpoint = ServiceEndpoint.Create(endPoint);
                endpoint.Features.Set<IServiceEndpointProvider>(this);
                endpoints.Endpoints.Add(endpoint);
            }

            return default;
        }

        public ValueTask DisposeAsync() => default;

        public override string ToString() => "Pass-through";
    }
}
