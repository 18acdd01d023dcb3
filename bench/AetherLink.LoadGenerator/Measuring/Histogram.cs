using System.Numerics;

namespace AetherLink.LoadGenerator.Measuring;

/// <summary>
/// Counts values in steps of less than one per cent, over the whole range of a long, in constant memory (after Gil Tene's
/// HdrHistogram): 128 equal steps for every power of two. Several threads may record.
/// </summary>
internal sealed class Histogram
{
    private const int StepBits = 7;
    private const int Steps = 1 << StepBits;

    private readonly long[] _counts = new long[(64 - StepBits) << StepBits];
    private long _count;
    private long _max;

    public long Count => Interlocked.Read(ref _count);

    public long Max => Interlocked.Read(ref _max);

    /// <summary>Negative values count as zero: a clock cannot run backwards, but rounding can.</summary>
    public void Record(long value)
    {
        value = Math.Max(0, value);
        Interlocked.Increment(ref _counts[IndexOf(value)]);
        Interlocked.Increment(ref _count);
        var max = Max;
        while (value > max)
        {
            max = Interlocked.CompareExchange(ref _max, value, max) is var seen && seen == max ? value : seen;
        }
    }

    /// <summary>The value that this share of all recorded ones does not exceed; at most a hundredth above the true one.</summary>
    public long Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        var rank = Math.Max(1, (long)Math.Ceiling(percent / 100 * Count));
        long seen = 0;
        for (var index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= rank)
            {
                return Math.Min(HighestOf(index), Max);
            }
        }
        return 0;
    }

    internal static int IndexOf(long value)
    {
        if (value < Steps)
        {
            return (int)value;
        }
        var shift = BitOperations.Log2((ulong)value) - StepBits;
        return ((shift + 1) << StepBits) + (int)((value >> shift) - Steps);
    }

    /// <summary>The highest value that is counted at this index.</summary>
    internal static long HighestOf(int index)
    {
        if (index < Steps)
        {
            return index;
        }
        var shift = (index >> StepBits) - 1;
        var lowest = (long)(Steps + (index & (Steps - 1))) << shift;
        return lowest + ((1L << shift) - 1);
    }
}
