namespace AetherLink.Tests.Chaos;

/// <summary>What was promised, held against what is there. Everything but the first two figures has to be empty.</summary>
internal sealed record Findings
{
    public required int Acknowledged { get; init; }

    public required int Calls { get; init; }

    public required IReadOnlyList<string> Lost { get; init; }

    public required IReadOnlyList<string> Duplicated { get; init; }

    public required IReadOnlyList<string> RefusedAndStored { get; init; }

    public required IReadOnlyList<string> Unaudited { get; init; }

    public required IReadOnlyList<string> Unannounced { get; init; }

    /// <summary>Audit records and events of AI calls that nobody made, or that do not tell which call they are of.</summary>
    public required IReadOnlyList<string> Strange { get; init; }

    /// <summary>Where the subscriber's view and the stored order part.</summary>
    public required IReadOnlyList<string> StreamFaults { get; init; }

    public int AllLost => Lost.Count + Unaudited.Count + Unannounced.Count;

    /// <summary>The first of whatever is wrong; null when every word was kept.</summary>
    public string? Broken
    {
        get
        {
            var broken = Kinds.Where(kind => kind.Found.Count > 0)
                .Select(kind => $"{kind.Name}: {kind.Found.Count} ({string.Join("; ", kind.Found.Take(5))})").ToList();
            return broken.Count == 0 ? null : $"of {Acknowledged} events and {Calls} AI calls: {string.Join(". ", broken)}";
        }
    }

    private IReadOnlyList<(string Name, IReadOnlyList<string> Found)> Kinds =>
    [
        ("acknowledged and not there", Lost), ("there twice", Duplicated), ("refused and stored", RefusedAndStored),
        ("AI calls without an audit", Unaudited), ("AI calls without an event", Unannounced), ("AI calls of nobody", Strange), ("stream", StreamFaults),
    ];

    /// <summary>Of changes that people made, by what each is called in the audit.</summary>
    public static Findings OfChanges(IReadOnlyCollection<string> made, IReadOnlyCollection<string> tried, IReadOnlyCollection<string> recorded) => new()
    {
        Acknowledged = made.Count,
        Calls = 0,
        Lost = [.. made.Except(recorded, StringComparer.Ordinal)],
        Duplicated = [.. recorded.GroupBy(one => one, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key)],
        Strange = [.. recorded.Except(tried, StringComparer.Ordinal)],
        RefusedAndStored = [],
        Unaudited = [],
        Unannounced = [],
        StreamFaults = [],
    };

    /// <param name="ledger">What was said.</param>
    /// <param name="stored">What is there, in the stream's order.</param>
    /// <param name="subscriber">What somebody saw who watched.</param>
    /// <param name="audited">The trace ids of the AI calls in the audit.</param>
    /// <param name="since">AI calls begun before are not promised to be there.</param>
    public static Findings Of(
        Ledger ledger, IReadOnlyList<Seen> stored, LiveSubscriber subscriber, IReadOnlyList<string?> audited, long since = 0)
    {
        var ids = stored.Select(one => one.EventId).ToHashSet(StringComparer.Ordinal);
        var announced = stored.Where(one => one.EventType.StartsWith("ai.", StringComparison.Ordinal)).Select(one => one.TraceId).ToList();
        var called = ledger.Called.ToHashSet(StringComparer.Ordinal);
        return new()
        {
            Acknowledged = ledger.Events,
            Calls = ledger.Calls,
            Lost = [.. ledger.Acknowledged.Where(id => !ids.Contains(id))],
            Duplicated = [.. Repeated(stored.Select(one => one.EventId)), .. Repeated(announced), .. Repeated(audited)],
            RefusedAndStored = [.. ledger.Refused.Where(ids.Contains)],
            Unaudited = Missing(ledger, since, audited),
            Unannounced = Missing(ledger, since, announced),
            Strange = [.. audited.Concat(announced).Where(trace => trace is null || !called.Contains(trace)).Select(trace => trace ?? "no trace id")],
            StreamFaults = [.. subscriber.Refusals, .. Differences(stored, subscriber.Events)],
        };
    }

    private static IReadOnlyList<string> Missing(Ledger ledger, long since, IEnumerable<string?> found) =>
        [.. ledger.AnsweredSince(since).Except(found.OfType<string>(), StringComparer.Ordinal).Select(ledger.Describe)];

    private static IEnumerable<string> Repeated(IEnumerable<string?> ids) =>
        ids.OfType<string>().GroupBy(id => id, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key);

    private static IEnumerable<string> Differences(IReadOnlyList<Seen> stored, IReadOnlyList<Seen> streamed)
    {
        for (var index = 0; index < Math.Max(stored.Count, streamed.Count); index++)
        {
            var (expected, shown) = (stored.ElementAtOrDefault(index), streamed.ElementAtOrDefault(index));
            if (expected != shown)
            {
                // Behind the first difference everything is shifted.
                yield return $"place {index} of {stored.Count} is {expected?.ToString() ?? "nothing"}, and the subscriber saw {shown?.ToString() ?? "nothing"}";
                yield break;
            }
        }
    }
}
