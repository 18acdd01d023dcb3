using System.Net;
using System.Net.Sockets;

namespace AetherLink.CommandCenter.Deliveries.Addresses;

/// <summary>
/// The addresses that are not of the public Internet, from IANA's special-purpose registries of both families, and those forms
/// of IPv6 that carry an IPv4 address to somebody else.
/// </summary>
internal static class ReservedNetworks
{
    private static readonly Network[] V4 =
    [
        .. Parsed(
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        // The addresses by which clouds serve credentials, where these lie outside of link-local.
        .. Parsed("168.63.129.16/32"),
    ];

    // Global unicast is 2000::/3; whatever lies outside of it has no business here.
    private static readonly Network GlobalUnicast = Network.Parse("2000::/3");

    private static readonly Network[] V6 =
        [.. Parsed("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16")];

    /// <summary>Whether nothing is sent there unless the configuration allows it.</summary>
    public static bool Contain(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => V4.Any(network => network.Contains(address)),
        AddressFamily.InterNetworkV6 when address.IsIPv4MappedToIPv6 => Contain(address.MapToIPv4()),
        // A scope names an interface of this machine.
        AddressFamily.InterNetworkV6 => address.ScopeId != 0 || !GlobalUnicast.Contains(address) || V6.Any(network => network.Contains(address)) || IsIsatap(address),
        _ => true,
    };

    /// <summary>An interface id of ISATAP (RFC 5214) is an IPv4 address, of whatever network.</summary>
    private static bool IsIsatap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _) && bytes[8] is 0 or 2 && bytes[9..12].SequenceEqual<byte>([0, 0x5e, 0xfe]);
    }

    private static IEnumerable<Network> Parsed(params string[] networks) => networks.Select(Network.Parse);
}
