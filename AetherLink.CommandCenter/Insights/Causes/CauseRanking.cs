namespace AetherLink.CommandCenter.Insights.Causes;

/// <summary>
/// Ranks what probably caused the faults of a time: a fault spreads from a node to those that depend on it, so the causes are the
/// faulty nodes that no other explains, by how much they explain. The same evidence in any order gives the same answer.
/// </summary>
internal static class CauseRanking
{
    /// <summary>Two probes of one moment may see the effect before its cause by this much: their periods and time-outs.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(15);

    /// <summary>A change is told with a fault that begins no later than this after it.</summary>
    public static readonly TimeSpan ChangeMatters = TimeSpan.FromMinutes(10);

    /// <summary>Weaker than this is noise: the weight of a slow node that is hardly sure.</summary>
    public const double Noticeable = 0.2;

    /// <summary>What is explained counts less with each step, so that a fault close by wins over the same one far away.</summary>
    private const double PerStep = 0.9;

    /// <summary>A node that a graver or earlier one explains is an effect: named after all that are not.</summary>
    private const double OfAnEffect = 0.25;

    /// <summary>A change just before the fault makes its node a likelier cause than one that was left alone.</summary>
    private const double WithAChange = 1.2;

    public const int Most = 5;

    /// <summary>The probable causes, the likeliest first and at most five; none where nothing is wrong.</summary>
    public static IReadOnlyList<ProbableCause> Rank(DependencyGraph graph, IEnumerable<Evidence> evidence)
    {
        var symptoms = Symptoms(evidence).ToDictionary(symptom => symptom.Node, StringComparer.Ordinal);
        if (symptoms.Count == 0)
            return [];
        var reach = symptoms.Values.ToDictionary(from => from.Node, from => Spread(graph, symptoms, from), StringComparer.Ordinal);
        var all = symptoms.Values.Sum(symptom => symptom.Weight) * WithAChange;

        return
        [
            .. symptoms.Values
                .Select(symptom => new ProbableCause(
                    symptom.Node, Math.Min(1, Explained(symptom, symptoms, reach) / all), symptom.Since, symptom.Seen,
                    [.. reach[symptom.Node].Values.OrderBy(path => path.Count).ThenBy(path => path[^1], StringComparer.Ordinal)]))
                .OrderByDescending(cause => cause.Score)
                .ThenBy(cause => cause.Since)
                .ThenBy(cause => cause.Node, StringComparer.Ordinal)
                .Take(Most),
        ];
    }

    /// <summary>The faulty nodes, by name.</summary>
    public static IEnumerable<Symptom> Symptoms(IEnumerable<Evidence> evidence)
    {
        // By name, since a sum of the same weights in another order is another number.
        foreach (var node in evidence.GroupBy(one => one.Node, StringComparer.Ordinal).OrderBy(node => node.Key, StringComparer.Ordinal))
        {
            var signs = node.Where(one => one.Weight >= Noticeable).ToList();
            if (signs.Count == 0)
                continue;
            var since = signs.Min(sign => sign.At);
            var changes = node.Where(one => one.Kind == EvidenceKind.Changed && one.At <= since + Skew && since - one.At <= ChangeMatters);
            var noticed = node.Where(one => one.Kind == EvidenceKind.Noticed && one.At >= since - Skew);
            yield return new(
                node.Key, since, signs.Max(sign => sign.Weight),
                [
                    .. changes.Concat(signs).Concat(noticed).OrderBy(one => one.At).ThenBy(one => one.Kind)
                        .ThenBy(one => one.Text, StringComparer.Ordinal).ThenBy(one => one.Reference, StringComparer.Ordinal),
                ]);
        }
    }

    /// <summary>The faulty nodes that a fault of this one explains, each with the shortest way to it.</summary>
    private static Dictionary<string, IReadOnlyList<string>> Spread(
        DependencyGraph graph, Dictionary<string, Symptom> symptoms, Symptom from)
    {
        var paths = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var next = new Queue<IReadOnlyList<string>>([[from.Node]]);
        while (next.TryDequeue(out var path))
        {
            foreach (var dependent in graph.DependentsOf(path[^1]))
            {
                if (dependent == from.Node || paths.ContainsKey(dependent) || !symptoms.TryGetValue(dependent, out var symptom)
                    || symptom.Since < symptoms[path[^1]].Since - Skew)
                {
                    continue;
                }
                paths[dependent] = [.. path, dependent];
                next.Enqueue(paths[dependent]);
            }
        }
        return paths;
    }

    private static double Explained(
        Symptom symptom, Dictionary<string, Symptom> symptoms, Dictionary<string, Dictionary<string, IReadOnlyList<string>>> reach)
    {
        var own = reach[symptom.Node];
        var explained = symptom.Weight + own.Sum(path => symptoms[path.Key].Weight * Math.Pow(PerStep, path.Value.Count - 1));
        if (symptom.Seen.Any(one => one.Kind == EvidenceKind.Changed))
            explained *= WithAChange;
        var isEffect = symptoms.Values.Any(other =>
            other != symptom && reach[other.Node].ContainsKey(symptom.Node) && (!own.ContainsKey(other.Node) || IsBefore(other, symptom)));
        return isEffect ? explained * OfAnEffect : explained;
    }

    // Where two depend on each other: the graver, the earlier, or the first by name.
    private static bool IsBefore(Symptom one, Symptom other) =>
        one.Weight != other.Weight ? one.Weight > other.Weight
        : one.Since != other.Since ? one.Since < other.Since
        : string.CompareOrdinal(one.Node, other.Node) < 0;
}
