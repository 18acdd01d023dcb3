using System.Net;
using System.Net.Sockets;

namespace AetherLink.CommandCenter.Deliveries.Addresses;

/// <summary>Which addresses deliveries may go to.</summary>
internal sealed class AddressCheck(IReadOnlyList<Network> allowed)
{
    public bool Allows(IPAddress address)
    {
        // As an allowed network names it, and not as a socket of both families does.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !ReservedNetworks.Contain(address)
            || allowed.Any(network => network.Contains(plain));
    }

    /// <summary>What is wrong with a URL before anything is resolved; null for nothing.</summary>
    public string? Complaint(Uri url)
    {
        if (url.Scheme is not ("http" or "https"))
        {
            return "must be an http or https URL";
        }
        if (url.UserInfo.Length > 0)
        {
            return "must not have a user or a password in it";
        }
        var host = url.DnsSafeHost;
        if (host.Length == 0)
        {
            return "must name a host";
        }
        // A name is looked at when it is connected to: what it resolves to now says nothing about then.
        return IPAddress.TryParse(host, out var address) && !Allows(address)
            ? "must not be a private, loopback, link-local or otherwise reserved address (see DELIVERIES_ALLOWED_NETWORKS)"
            : null;
    }

    /// <summary>Networks in CIDR notation, with commas between them.</summary>
    public static bool TryParseNetworks(string? text, out IReadOnlyList<Network> networks, out string? wrong)
    {
        var parsed = new List<Network>();
        wrong = null;
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Network.TryParse(part, out var network))
            {
                parsed.Add(network);
            }
            else
            {
                wrong ??= part;
            }
        }
        networks = parsed;
        return wrong is null;
    }
}

/// <summary>The address is one that nothing is sent to.</summary>
internal sealed class BlockedAddressException(string message) : Exception(message);

/// <summary>Resolves names: the seam by which tests rebind them.</summary>
internal interface IHostResolver
{
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <inheritdoc />
internal sealed class SystemResolver : IHostResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, AddressFamily.Unspecified, cancellationToken);
}
