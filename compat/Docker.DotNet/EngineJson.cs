using System.Text.Json;
using System.Text.Json.Serialization;
using Docker.DotNet.Models;

namespace Docker.DotNet;

/// <summary>The engine spells one name in several ways (<c>Id</c>, <c>ID</c>, <c>id</c>), never two things in one object by case alone.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, Converters = [typeof(EngineTime)])]
[JsonSerializable(typeof(IList<ContainerListResponse>))]
[JsonSerializable(typeof(ContainerInspectResponse))]
[JsonSerializable(typeof(VersionResponse))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(IDictionary<string, IDictionary<string, bool>>))]
internal sealed partial class EngineJson : JsonSerializerContext;

/// <summary>A list gives seconds since 1970 where an inspection gives ISO 8601.</summary>
internal sealed class EngineTime : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? DateTimeOffset.FromUnixTimeSeconds(reader.GetInt64()).UtcDateTime : reader.GetDateTime();

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
