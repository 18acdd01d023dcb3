namespace AetherLink.Tests.Fuzzing;

/// <summary>The chance of one request: the same for the same seed and number, in every process and on every machine.</summary>
internal sealed class Dice(int seed, int number)
{
    // The multipliers spread neighbouring numbers over the whole range; neighbouring seeds of Random begin alike.
    private readonly Random _random = new(unchecked((int)(((uint)seed * 0x9E3779B1) ^ ((uint)number * 0x85EBCA6B))));

#pragma warning disable CA5394 // Nothing here is a secret: the point of it is that it can be repeated.
    public int Below(int bound) => _random.Next(bound);

    public bool Chance(double share) => _random.NextDouble() < share;

    public T Pick<T>(params IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
#pragma warning restore CA5394
}
