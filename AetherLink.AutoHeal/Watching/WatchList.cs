using System.Collections.Concurrent;

namespace AetherLink.AutoHeal.Watching;

/// <summary>The targets of this moment, by name.</summary>
internal sealed class WatchList
{
    private readonly ConcurrentDictionary<string, HealTarget> _targets = new(StringComparer.Ordinal);

    public IReadOnlyList<HealTarget> All => [.. _targets.Values.OrderBy(target => target.Name, StringComparer.Ordinal)];

    public HealTarget? Find(string name) => _targets.GetValueOrDefault(name);

    public void Put(HealTarget target) => _targets[target.Name] = target;

    public void Remove(string name) => _targets.TryRemove(name, out _);

    /// <summary>Removes this one, and not another that has taken its name.</summary>
    public bool RemoveOnly(HealTarget target) => _targets.TryRemove(KeyValuePair.Create(target.Name, target));
}
