namespace AetherLink.LoadGenerator.Measuring;

/// <summary>A stretch of a schedule in which each request was late.</summary>
/// <param name="At">When the first one was due.</param>
/// <param name="Requests">How many there were.</param>
/// <param name="Worst">By how much the latest was late.</param>
internal sealed record Stall(TimeSpan At, int Requests, TimeSpan Worst);

/// <summary>
/// How late each request of a schedule was. A p99 of thousands may be a few moments in which nobody was answered: then it is to be
/// asked what there was at those, and not what a request takes.
/// </summary>
/// <param name="requests">How many there are; later ones are not kept.</param>
/// <param name="perSecond">How many are due in a second.</param>
internal sealed class Stalls(int requests, double perSecond)
{
    private readonly long[] _nanoseconds = new long[requests];
    private readonly long[] _dueAt = new long[requests];

    /// <summary>By several threads, each request once.</summary>
    public void Record(long number, long dueAt, long nanoseconds)
    {
        if (number < _nanoseconds.Length) (_dueAt[number], _nanoseconds[number]) = (dueAt, nanoseconds);
    }

    /// <summary>Of those alone that were due in one of these stretches, whenever they were answered.</summary>
    public Histogram DueIn(IReadOnlyList<(long From, long To)> stretches)
    {
        var those = new Histogram();
        foreach (var (dueAt, nanoseconds) in _dueAt.Zip(_nanoseconds))
        {
            if (stretches.Any(stretch => stretch.From <= dueAt && dueAt < stretch.To)) those.Record(nanoseconds);
        }
        return those;
    }

    /// <summary>The stretches in which all were late by more than this, in their order.</summary>
    public IReadOnlyList<Stall> Over(TimeSpan bound)
    {
        var stalls = new List<Stall>();
        for (var first = 0; first < _nanoseconds.Length; first++)
        {
            var next = first;
            var worst = TimeSpan.Zero;
            while (next < _nanoseconds.Length && TimeSpan.FromMicroseconds(_nanoseconds[next] / 1e3) is var late && late > bound)
            {
                worst = late > worst ? late : worst;
                next++;
            }
            if (next == first) continue;
            stalls.Add(new(TimeSpan.FromSeconds(first / perSecond), next - first, worst));
            first = next;
        }
        return stalls;
    }
}
