using System.Net;
using System.Numerics;
using AetherLink.CommandCenter.Deliveries.Addresses;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class NetworkProperties
{
    private static readonly Arbitrary<(byte[] Base, byte[] Address, int Length)> Cases = (
        from size in Gen.Elements(4, 16)
        from address in Gen.Choose(0, 255).ArrayOf(16)
        from other in Gen.Choose(0, 255).ArrayOf(16)
        from same in Gen.Choose(0, 16)
        from length in Gen.Choose(0, size * 8)
        select (Bytes(address, size), Bytes([.. address.Take(same), .. other.Skip(same)], size), length)).ToArbitrary();

    [Fact]
    public void Network_contains_what_has_the_same_leading_bits() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Cases, given =>
    {
        var shift = (given.Base.Length * 8) - given.Length;
        var start = (Number(given.Base) >> shift) << shift;
        var text = $"{new IPAddress(Bytes(start, given.Base.Length))}/{given.Length}";
        return Network.TryParse(text, out var network)
            && network.Contains(new IPAddress(given.Address)) == (Number(given.Address) >> shift == Number(given.Base) >> shift);
    }));

    [Fact]
    public void Networks_of_one_family_contain_none_of_the_other() =>
        Assert.False(Network.Parse("0.0.0.0/0").Contains(IPAddress.IPv6Loopback) || Network.Parse("::/0").Contains(IPAddress.Loopback));

    private static byte[] Bytes(int[] values, int size) => [.. values.Take(size).Select(value => (byte)value)];

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger number, int size)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[size - bytes.Length], .. bytes];
    }
}
