using System.Net;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Sends a request for <c>https+http://catalog/items</c> to where the catalog is.</summary>
internal sealed class ResolvingHttpDelegatingHandler(
    ServiceEndpointResolver resolver,
    IOptions<ServiceDiscoveryOptions> options) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true } asked)
            throw new InvalidOperationException("A request without an absolute URL cannot be sent to a service.");

        var endpoint = await resolver
            .GetEndpointAsync(asked.GetLeftPart(UriPartial.Authority), cancellationToken).ConfigureAwait(false);
        request.RequestUri = At(asked, endpoint.EndPoint);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A retry outside of this handler starts from the service's name again, and may reach another endpoint.
            request.RequestUri = asked;
        }
    }

    private Uri At(Uri asked, EndPoint endPoint) => endPoint switch
    {
        UriEndPoint { Uri: var url } => new UriBuilder(asked)
        {
            Scheme = url.Scheme,
            Host = url.Host,
            Port = url.Port,
            Path = url.AbsolutePath.TrimEnd('/') + asked.AbsolutePath,
        }.Uri,
        IPEndPoint ip => At(asked, ip.Address.ToString(), ip.Port),
        DnsEndPoint dns => At(asked, dns.Host, dns.Port),
        _ => throw new InvalidOperationException($"No request can be sent to an endpoint of type {endPoint.GetType()}."),
    };

    private Uri At(Uri asked, string host, int port)
    {
        var scheme = asked.Scheme.Split('+')[0];
        if (scheme != asked.Scheme && options.Value.ApplyAllowedSchemes([scheme]).Count == 0)
            throw new InvalidOperationException($"The scheme '{scheme}' is not allowed.");

        var builder = new UriBuilder(asked) { Scheme = scheme, Host = host };
        if (port > 0)
            builder.Port = port;
        return builder.Uri;
    }
}
