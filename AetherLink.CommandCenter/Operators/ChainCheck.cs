namespace AetherLink.CommandCenter.Operators;

/// <summary>The first link that does not hold.</summary>
/// <param name="Seq">The entry's number.</param>
/// <param name="Reason">What is wrong there.</param>
internal sealed record BrokenLink(long Seq, string Reason);

/// <summary>Walks the chain, entry by entry, in constant memory. Does no I/O.</summary>
/// <param name="head">Where it has to begin and to end.</param>
internal sealed class ChainCheck(ChainHead head)
{
    private byte[] _hash = head.PrunedHash;

    /// <summary>How many entries held.</summary>
    public long Checked { get; private set; }

    private long Expected => head.PrunedSeq + Checked + 1;

    /// <summary>Null when the entry is the one that follows.</summary>
    public BrokenLink? Follow(ChainedEntry next)
    {
        if (next.Seq != Expected)
        {
            return new(Expected, $"Entry {Expected} is missing.");
        }
        var hash = AuditChain.Next(_hash, next.Seq, next.Entry);
        if (!hash.AsSpan().SequenceEqual(next.Hash))
        {
            return new(next.Seq, $"Entry {next.Seq} was changed, or its hash was.");
        }
        _hash = hash;
        Checked++;
        return null;
    }

    /// <summary>Null when nothing is missing at the end.</summary>
    public BrokenLink? End() => (Expected - 1 - head.Seq) switch
    {
        < 0 => new(Expected, $"Entry {Expected} and what followed it are missing."),
        > 0 => new(head.Seq + 1, $"Entry {head.Seq + 1} was put behind the end."),
        _ => _hash.AsSpan().SequenceEqual(head.Hash) ? null : new(head.Seq, $"Entry {head.Seq} is not the one that was last."),
    };
}
