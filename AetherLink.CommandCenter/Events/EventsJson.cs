using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Events.Publishing;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Relaying;
using AetherLink.CommandCenter.Events.Retaining;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Events;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(StoredEvent))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(EventStats))]
[JsonSerializable(typeof(SchemaList))]
[JsonSerializable(typeof(EventSchema))]
[JsonSerializable(typeof(SchemaProposal))]
[JsonSerializable(typeof(IReadOnlyList<Breakage>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, PropertySchema>))]
[JsonSerializable(typeof(Published))]
[JsonSerializable(typeof(BatchPublished))]
[JsonSerializable(typeof(RelayedEvent))]
[JsonSerializable(typeof(RetentionPage))]
[JsonSerializable(typeof(RetentionChange))]
internal sealed partial class EventsJson : JsonSerializerContext
{
    /// <summary>For what is written without the framework: the frames of the stream.</summary>
    public static EventsJson Wire { get; } = new(new JsonSerializerOptions(Json.Wire));
}
