namespace AetherLink.Tests.AutoHeal;

/// <summary>128 bits of all numbers in their order, by two multipliers of splitmix64: a million states collide once in 10^26 walks.</summary>
internal struct Mixture
{
    private ulong _one = 0x9e3779b97f4a7c15;
    private ulong _other = 0xd1b54a32d192ed03;

    public Mixture()
    {
    }

    public readonly UInt128 Value => new(_one, _other);

    public void Add(long number)
    {
        _one = Mixed(_one ^ (ulong)number, 0xbf58476d1ce4e5b9);
        _other = Mixed(_other + (ulong)number, 0x94d049bb133111eb);
    }

    private static ulong Mixed(ulong value, ulong by)
    {
        value = (value ^ (value >> 30)) * by;
        return value ^ (value >> 27) ^ (value << 31);
    }
}
