using System.Text.Json;
using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>An event as it is given out.</summary>
internal sealed record StoredEvent
{
    /// <summary>The order of commits, and the id on the live stream.</summary>
    public required long Sequence { get; init; }

    public required string EventId { get; init; }

    public required string EventType { get; init; }

    public required string Source { get; init; }

    public required string TenantId { get; init; }

    public required Severity Severity { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public string? TraceId { get; init; }

    public string? ClientIp { get; init; }

    public string? Publisher { get; init; }

    [JsonIgnore]
    public Origin Origin { get; init; }

    public required RawJson Payload { get; init; }
}

/// <summary>JSON that comes from the database as text, and goes out as it is.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    internal sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.SerializeToUtf8Bytes(JsonElement.ParseValue(ref reader)));

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            // Postgres has parsed it: checking it again would cost as much as all the rest.
            writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
