using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Where a service can be reached.</summary>
public abstract class ServiceEndpoint
{
    /// <summary>The address.</summary>
    public abstract EndPoint EndPoint { get; }

    /// <summary>What else is known of it.</summary>
    public abstract IFeatureCollection Features { get; }

    /// <summary>Makes an endpoint.</summary>
    public static ServiceEndpoint Create(EndPoint endPoint, IFeatureCollection? features = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new AddressedEndpoint(endPoint, features ?? new FeatureCollection());
    }

    /// <summary>Reads a URL, or a host or address with or without a port.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? value,
        [NotNullWhen(true)] out ServiceEndpoint? serviceEndpoint)
    {
        serviceEndpoint = Read(value) is { } endPoint ? Create(endPoint) : null;
        return serviceEndpoint is not null;
    }

    private static EndPoint? Read(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return null;

        if (value.Contains("://", StringComparison.Ordinal))
            return Uri.TryCreate(value, UriKind.Absolute, out var url) ? new UriEndPoint(url) : null;

        // Any scheme lets Uri take the authority apart.
        if (!Uri.TryCreate($"any://{value}", UriKind.Absolute, out var authority))
            return null;
        var port = Math.Max(authority.Port, 0);
        return IPAddress.TryParse(authority.Host, out var ip)
            ? new IPEndPoint(ip, port)
            : new DnsEndPoint(authority.Host, port);
    }

    private sealed class AddressedEndpoint(EndPoint endPoint, IFeatureCollection features) : ServiceEndpoint
    {
        public override EndPoint EndPoint { get; } = endPoint;

        public override IFeatureCollection Features { get; } = features;

        public override string? ToString() => EndPoint switch
        {
            IPEndPoint { Port: 0 } ip => ip.Address.ToString(),
            DnsEndPoint { Port: 0 } dns => dns.Host,
            DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
            var other => other.ToString(),
        };
    }
}
