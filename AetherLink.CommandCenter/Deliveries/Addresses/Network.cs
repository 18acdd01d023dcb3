using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace AetherLink.CommandCenter.Deliveries.Addresses;

/// <summary>
/// A network in CIDR notation, compared byte by byte. <see cref="IPNetwork"/> of .NET 10 will not do: of its IPv6 networks,
/// 2000::/3 takes ::ffff:10.0.0.1 for its own, and ::ffff:0:0/96 does not.
/// </summary>
internal sealed class Network
{
    private readonly byte[] _prefix;
    private readonly int _length;

    private Network(byte[] prefix, int length) => (_prefix, _length) = (prefix, length);

    public static Network Parse(string text) => TryParse(text, out var network) ? network : throw new FormatException($"'{text}' is not a network.");

    /// <summary>An address, a slash and a length, with nothing set beyond the length.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Network? network)
    {
        network = null;
        if (text.Split('/') is not [var address, var bits]
            || !IPAddress.TryParse(address, out var parsed)
            || address.Contains('%', StringComparison.Ordinal)
            || !int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return false;
        }
        var bytes = parsed.GetAddressBytes();
        if (length > bytes.Length * 8 || !Cut(bytes, length).SequenceEqual(bytes))
        {
            return false;
        }
        network = new(bytes, length);
        return true;
    }

    public bool Contains(IPAddress address) => Contains(address.GetAddressBytes());

    private bool Contains(byte[] bytes) => bytes.Length == _prefix.Length && Cut(bytes, _length).SequenceEqual(_prefix);

    private static byte[] Cut(byte[] bytes, int length)
    {
        var cut = new byte[bytes.Length];
        for (var index = 0; index < cut.Length; index++)
        {
            var kept = Math.Clamp(length - (index * 8), 0, 8);
            cut[index] = (byte)(bytes[index] & (0xff << (8 - kept)));
        }
        return cut;
    }
}
