namespace AetherLink.CommandCenter.Events.Schemas;

/// <summary>What becomes of a proposal.</summary>
internal enum Ruling
{
    /// <summary>It is a new type, or a compatible new version.</summary>
    Accepted,

    /// <summary>It says what the current version says: whoever registers at each start need not ask before.</summary>
    Unchanged,

    /// <summary>It would break somebody, or is not the next version.</summary>
    Refused,
}

/// <param name="Ruling">What becomes of it.</param>
/// <param name="Schema">The version in force afterwards; the current one when it is refused.</param>
/// <param name="Reason">Why it is refused.</param>
/// <param name="Breakages">What it would break.</param>
internal sealed record Registration(Ruling Ruling, EventSchema? Schema, string? Reason, IReadOnlyList<Breakage> Breakages)
{
    /// <summary>Decides over a proposal whose version is 0 when it is to be the next.</summary>
    public static Registration Decide(EventSchema? current, EventSchema proposed)
    {
        if (current is not null && (proposed.Version is 0 || proposed.Version == current.Version) && SaysTheSame(current, proposed))
        {
            return new(Ruling.Unchanged, current, null, []);
        }
        var next = (current?.Version ?? 0) + 1;
        if (proposed.Version is not 0 && proposed.Version != next)
        {
            return new(Ruling.Refused, current, $"The next version of '{proposed.EventType}' is {next}, and not {proposed.Version}.", []);
        }
        var breakages = current is null ? [] : Compatibility.Between(current, proposed).ToList();
        return breakages.Count == 0
            ? new(Ruling.Accepted, proposed with { Version = next }, null, [])
            : new(Ruling.Refused, current, $"It would break {Names(breakages, current!.Version)}.", breakages);
    }

    private static string Names(List<Breakage> breakages, int version) => string.Join("; ", breakages
        .Select(one => $"{(one.Breaks is Side.Readers ? "readers" : "writers")} of version {version}: '{one.Property}' {one.Reason}"));

    private static bool SaysTheSame(EventSchema one, EventSchema other) =>
        one.Description == other.Description
        && one.Required.ToHashSet(StringComparer.Ordinal).SetEquals(other.Required)
        && one.Properties.Count == other.Properties.Count
        && one.Properties.All(property => other.Properties.GetValueOrDefault(property.Key) == property.Value);
}
