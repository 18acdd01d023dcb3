using System.Collections.Immutable;

namespace AetherLink.AutoHeal.Governing;

/// <summary>Everything the governor remembers. Immutable: a decision is a new state.</summary>
internal sealed record FleetState
{
    public static readonly FleetState Empty = new();

    public ImmutableSortedDictionary<string, TargetState> Targets { get; init; } =
        ImmutableSortedDictionary.Create<string, TargetState>(StringComparer.Ordinal);

    /// <summary>The restarts of the last hour over all targets, oldest first; they count after a target has gone.</summary>
    public ImmutableArray<DateTimeOffset> Restarts { get; init; } = [];

    /// <summary>Too much is down at once: the cause is elsewhere, and restarts would only add load.</summary>
    public bool Braked { get; init; }

    /// <summary>Kept as targets change: a fleet of thousands is not counted at every probe.</summary>
    public int Down { get; private init; }

    /// <summary>What a person has stopped is neither up nor down.</summary>
    public int Counted { get; private init; }

    public TargetState? Find(string name) => Targets.GetValueOrDefault(name);

    public FleetState With(TargetState target)
    {
        var before = Find(target.Name);
        return this with
        {
            Targets = Targets.SetItem(target.Name, target),
            Down = Down - IsDown(before) + IsDown(target),
            Counted = Counted - IsCounted(before) + IsCounted(target),
        };
    }

    public FleetState Without(string name)
    {
        var before = Find(name);
        return this with
        {
            Targets = Targets.Remove(name),
            Down = Down - IsDown(before),
            Counted = Counted - IsCounted(before),
        };
    }

    private static int IsDown(TargetState? target) =>
        target is { Watched: true, WatchOnly: false, Condition: Condition.Down } ? 1 : 0;

    private static int IsCounted(TargetState? target) =>
        target is { Watched: true, WatchOnly: false } and not { Condition: Condition.Stopped } ? 1 : 0;
}
