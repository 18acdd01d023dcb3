using System.Collections.Frozen;

namespace AetherLink.CommandCenter.Insights.Causes;

/// <summary>Who depends on whom: the references of the mesh's model, and what a service uses beyond it (a provider, an endpoint).</summary>
internal sealed class DependencyGraph
{
    private readonly FrozenDictionary<string, string[]> _dependents;

    /// <param name="references">Each: the first depends on the second. What is named twice counts once.</param>
    public DependencyGraph(IEnumerable<(string Dependent, string Dependency)> references) => _dependents = references
        .Where(reference => reference.Dependent != reference.Dependency)
        .Distinct()
        .GroupBy(reference => reference.Dependency, reference => reference.Dependent, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.Order(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);

    /// <summary>Where a fault of this node shows next: what depends on it, by name.</summary>
    public IReadOnlyList<string> DependentsOf(string node) => _dependents.GetValueOrDefault(node, []);
}
