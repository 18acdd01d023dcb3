namespace AetherLink.Tests.CommandCenter.Deliveries;

/// <summary>Where a webhook must never get to: this machine, its neighbours, and what pretends to be elsewhere.</summary>
internal static class HostileTargets
{
    public static readonly string[] Addresses =
    [
        // Loopback, and the many ways to write it.
        "127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.254", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0X7F.0x0.0x0.0x1",
        "0177.0.0.1", "0177.0.0.01", "017700000001", "0177.1", "127.0x0.0.1", "127.0.0.0x1", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]",
        // Unspecified, this network, broadcast.
        "0.0.0.0", "0", "0.1", "0.0.0.1", "0.255.255.255", "[::]", "[::ffff:0.0.0.0]", "255.255.255.255", "4294967295", "0xffffffff", "[::ffff:255.255.255.255]",
        // Private.
        "10.0.0.1", "10.255.255.255", "10.1", "167772161", "0xa000001", "012.0.0.1", "[::ffff:10.0.0.1]", "172.16.0.1", "172.31.255.255", "172.20.10.5", "2886729729",
        "[::ffff:172.16.0.1]", "192.168.0.1", "192.168.1.1", "192.168.255.255", "3232235521", "0xc0a80001", "0300.0250.0.1", "[::ffff:192.168.0.1]",
        // Link-local, and with it the clouds' own services.
        "169.254.0.1", "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.170.2", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "168.63.129.16",
        "[fe80::1]", "[fe80::1%251]", "[febf::1]", "[fd00:ec2::254]",
        // Carriers' NAT.
        "100.64.0.1", "100.100.100.200", "100.127.255.255", "[::ffff:100.64.0.1]",
        // Multicast and reserved.
        "224.0.0.1", "239.255.255.250", "233.252.0.1", "[ff02::1]", "[ff0e::1]", "[::ffff:224.0.0.1]", "240.0.0.1", "250.1.2.3", "254.255.255.255",
        // Protocol assignments, documentation, benchmarks, relays.
        "192.0.0.1", "192.0.0.170", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255", "192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1",
        "[2001:db8::1]", "[3fff::1]", "[100::1]", "[5f00::1]", "[2620:4f:8000::1]",
        // Unique local, site-local.
        "[fc00::1]", "[fd12:3456:789a::1]", "[fdff:ffff::1]", "[fec0::1]",
        // IPv4 inside of IPv6: NAT64, 6to4, Teredo, ISATAP.
        "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[2002:c0a8:1::1]",
        "[2002:a9fe:a9fe::1]", "[2001::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:10::1]", "[2001:20::1]", "[2607:f8b0:4000::5efe:127.0.0.1]", "[2607:f8b0:4000::200:5efe:a00:1]",
        // Nothing that anybody has been given.
        "[1::1]", "[4000::1]", "[8000::1]", "[e000::1]",
    ];

    /// <summary>Names, and what they resolve to at the moment of the connection.</summary>
    public static readonly Dictionary<string, string[]> Names = new(StringComparer.Ordinal)
    {
        ["localhost"] = ["127.0.0.1"],
        ["localhost6"] = ["::1"],
        ["mapped.example"] = ["::ffff:127.0.0.1"],
        ["nat64.example"] = ["64:ff9b::7f00:1"],
        ["private.example"] = ["10.1.2.3"],
        ["metadata.example"] = ["169.254.169.254"],
        ["ula.example"] = ["fd00::1"],
        ["link-local.example"] = ["fe80::1%1"],
        ["unspecified.example"] = ["0.0.0.0"],
        ["broadcast.example"] = ["255.255.255.255"],
        ["mixed.example"] = ["93.184.216.34", "127.0.0.1"],
        ["mixed-families.example"] = ["2606:2800:220:1::1", "192.168.1.1"],
        ["127.0.0.1.nip.example"] = ["127.0.0.1"],
        ["trailing-dot.example."] = ["127.0.0.1"],
        ["xn--bcher-kva.example"] = ["10.0.0.1"],
    };

    public static TheoryData<string> Urls =>
    [
        .. Addresses.Concat(Names.Keys).Select(host => $"http://{host}/"),
        "https://127.0.0.1/", "https://[::1]/", "http://127.0.0.1:8010/ops/health", "https://localhost:5432/", "http://private.example:6379/",
    ];
}
