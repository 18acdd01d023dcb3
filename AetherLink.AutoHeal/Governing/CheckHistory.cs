namespace AetherLink.AutoHeal.Governing;

/// <summary>
/// How the last checks of a target ended, to tell one that flaps from one that is down. The measure is Nagios': the share of
/// checks that ended otherwise than the one before, the newest counting half as much again as the oldest.
/// </summary>
internal readonly record struct CheckHistory
{
    /// <summary>Nagios' number: twenty changes are possible between them.</summary>
    public const int Length = 21;

    private const double OldestWeight = 0.8;
    private const double NewestWeight = 1.2;

    private readonly uint _passed;
    private readonly byte _count;

    private CheckHistory(uint passed, byte count) => (_passed, _count) = (passed, count);

    public CheckHistory With(bool passed) =>
        new(((_passed << 1) | (passed ? 1u : 0)) & ((1u << Length) - 1), (byte)Math.Min(_count + 1, Length));

    /// <summary>0 to 1; 0 until there are enough checks to tell.</summary>
    public double ChangeShare
    {
        get
        {
            if (_count < Length)
                return 0;
            var changed = _passed ^ (_passed >> 1);
            var sum = 0.0;
            for (var back = 0; back < Length - 1; back++)
            {
                if ((changed >> back & 1) != 0)
                    sum += NewestWeight - (NewestWeight - OldestWeight) * back / (Length - 2);
            }

            return sum / (Length - 1);
        }
    }
}
