using AetherLink.CommandCenter.Insights.Causes;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Insights;

public sealed class CauseRankingProperties
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Nodes = [.. Enumerable.Range(0, 8).Select(number => $"n{number}")];

    private static readonly EvidenceKind[] Kinds = Enum.GetValues<EvidenceKind>();

    /// <summary>Any graph, with cycles, and any evidence.</summary>
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue).ToArbitrary();

    [Fact]
    public void Every_step_of_a_path_is_a_reference_between_two_faulty_nodes_and_goes_forward_in_time() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Seeds, seed =>
        {
            var story = Story.Of(seed);
            var since = story.Evidence.Where(one => one.Weight >= CauseRanking.Noticeable)
                .GroupBy(one => one.Node).ToDictionary(node => node.Key, node => node.Min(one => one.At));
            return CauseRanking.Rank(new(story.References), story.Evidence).All(cause =>
                cause.Paths.All(path => path[0] == cause.Node && path.Count >= 2 && path.Distinct().Count() == path.Count
                    && path.Zip(path.Skip(1)).All(step =>
                        story.References.Contains((step.Second, step.First))
                        && since[step.Second] >= since[step.First] - CauseRanking.Skew))
                && cause.Seen.Count > 0 && cause.Score is > 0 and <= 1 && cause.Since == since[cause.Node]);
        }));

    [Fact]
    public void Order_in_which_evidence_is_told_changes_nothing() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Seeds, seed =>
        {
            var story = Story.Of(seed);
            var random = new Random(seed);
            var (references, evidence) = (story.References.ToArray(), story.Evidence.ToArray());
            random.Shuffle(references);
            random.Shuffle(evidence);
            return Told(CauseRanking.Rank(new(story.References), story.Evidence)) == Told(CauseRanking.Rank(new(references), evidence));
        }));

    [Fact]
    public void Fault_that_spreads_to_dependents_is_named_first_whatever_is_graver_on_the_way() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            // A node depends only on those before it, so that nothing depends on itself.
            var references = (from to in Enumerable.Range(1, Nodes.Length - 1)
                              from @from in Enumerable.Range(0, to)
                              where random.Next(3) == 0
                              select (Nodes[to], Nodes[@from])).ToList();
            var root = random.Next(Nodes.Length);
            var seen = new Dictionary<string, DateTimeOffset> { [Nodes[root]] = Start };
            foreach (var (dependent, dependency) in references)
            {
                if (seen.TryGetValue(dependency, out var at) && random.Next(4) > 0)
                    seen.TryAdd(dependent, at.AddSeconds(random.Next(-10, 60)));
            }
            // The list of references goes by dependents, so a way into one may have been cut after it was passed: what is seen stays true.
            var evidence = seen.Select(node => Of(node.Key, Kinds[random.Next(5)], node.Value));

            return CauseRanking.Rank(new(references), evidence)[0].Node == Nodes[root];
        }));

    [Fact]
    public void Nothing_wrong_has_no_cause_whatever_was_changed() =>
        Assert.Empty(CauseRanking.Rank(
            new([("web", "command-center")]),
            [
                Of("web", EvidenceKind.Changed, Start), Of("command-center", EvidenceKind.Slow, Start) with { Strength = 0.3 },
            ]));

    [Fact]
    public void Database_is_named_before_its_clients_and_shows_how_it_spread()
    {
        var graph = new DependencyGraph([("command-center", "postgres"), ("auto-heal", "postgres"), ("web", "command-center")]);

        var causes = CauseRanking.Rank(graph,
        [
            Of("web", EvidenceKind.Erring, Start.AddSeconds(9)),
            Of("command-center", EvidenceKind.Down, Start.AddSeconds(-4)),
            Of("auto-heal", EvidenceKind.Stalled, Start.AddSeconds(5)),
            Of("postgres", EvidenceKind.Stalled, Start),
        ]);

        Assert.Equal("postgres", causes[0].Node);
        Assert.Equal(
            ["postgres > auto-heal", "postgres > command-center", "postgres > command-center > web"],
            causes[0].Paths.Select(path => string.Join(" > ", path)));
        Assert.All(causes.Skip(1), effect => Assert.True(effect.Score < causes[0].Score / 2));
    }

    [Fact]
    public void Dependent_that_was_faulty_long_before_is_not_explained()
    {
        var graph = new DependencyGraph([("web", "command-center")]);

        var causes = CauseRanking.Rank(
            graph, [Of("web", EvidenceKind.Down, Start.AddMinutes(-5)), Of("command-center", EvidenceKind.Slow, Start)]);

        Assert.Equal(["web", "command-center"], causes.Select(cause => cause.Node));
        Assert.All(causes, cause => Assert.Empty(cause.Paths));
    }

    [Fact]
    public void Change_just_before_a_fault_is_told_with_it_and_decides_between_equals()
    {
        var graph = new DependencyGraph([]);
        var change = Of("b", EvidenceKind.Changed, Start.AddMinutes(-2));

        var causes = CauseRanking.Rank(graph,
            [Of("a", EvidenceKind.Erring, Start), Of("b", EvidenceKind.Erring, Start), change, change with { At = Start.AddHours(-1), Text = "old" }]);

        Assert.Equal(["b", "a"], causes.Select(cause => cause.Node));
        Assert.Equal([EvidenceKind.Changed, EvidenceKind.Erring], causes[0].Seen.Select(one => one.Kind));
        Assert.Equal(Start, causes[0].Since);
    }

    private static Evidence Of(string node, EvidenceKind kind, DateTimeOffset at) => new(node, kind, at, 1, $"{node} {kind}");

    private static string Told(IReadOnlyList<ProbableCause> causes) => string.Join("; ", causes.Select(cause =>
        $"{cause.Node} {cause.Score:R} {cause.Since:O} [{string.Join(", ", cause.Seen)}] {string.Join(" | ", cause.Paths.Select(path => string.Join('>', path)))}"));

    private sealed record Story(IReadOnlyList<(string, string)> References, IReadOnlyList<Evidence> Evidence)
    {
        public static Story Of(int seed)
        {
            var random = new Random(seed);
            string Node() => Nodes[random.Next(Nodes.Length)];
            return new(
                [.. Enumerable.Range(0, random.Next(20)).Select(_ => (Node(), Node())).Where(one => one.Item1 != one.Item2).Distinct()],
                [
                    .. Enumerable.Range(0, random.Next(16)).Select(number => new Evidence(
                        Node(), Kinds[random.Next(Kinds.Length)], Start.AddSeconds(random.Next(-120, 120)), (1 + random.Next(10)) / 10.0, $"sign {number}")),
                ]);
        }
    }
}
