using System.Collections.Frozen;

namespace AetherLink.CommandCenter.Events.Schemas;

/// <summary>The event types as they are known at one moment: those that ship, and those that were registered.</summary>
internal sealed class SchemaSet
{
    private readonly FrozenDictionary<string, Entry> _byType;

    /// <summary>Of several versions of a type the newest counts.</summary>
    public SchemaSet(IEnumerable<EventSchema> registered)
    {
        All = [.. ShippedTypes.All.Concat(registered)
            .GroupBy(schema => schema.EventType, StringComparer.Ordinal)
            .Select(versions => versions.MaxBy(schema => schema.Version)!)];
        _byType = All.ToFrozenDictionary(schema => schema.EventType, schema => new Entry(schema, new(schema)), StringComparer.Ordinal);
    }

    public static SchemaSet Shipped { get; } = new([]);

    public IReadOnlyList<EventSchema> All { get; }

    public bool Knows(string type) => _byType.ContainsKey(type);

    public EventSchema? Find(string type) => _byType.GetValueOrDefault(type)?.Schema;

    public PayloadCheck? CheckOf(string type) => _byType.GetValueOrDefault(type)?.Check;

    private sealed record Entry(EventSchema Schema, PayloadCheck Check);
}
