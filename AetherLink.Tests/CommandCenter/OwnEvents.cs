using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events.Schemas;
using Npgsql;

namespace AetherLink.Tests.CommandCenter;

/// <summary>
/// The services' own events, held against the schemas that they are documented by. Every service that a test starts is, at its
/// end: what it has published would have been refused otherwise, and nobody would know.
/// </summary>
internal static class OwnEvents
{
    /// <summary>What a payload has that its schema does not take, or does not mention.</summary>
    public static IEnumerable<string> Faults(string type, JsonNode payload)
    {
        if (SchemaSet.Shipped.Find(type) is not { } schema)
        {
            return [$"{type} has no schema"];
        }
        var element = JsonSerializer.SerializeToElement(payload);
        return new PayloadCheck(schema).Violations(element, $"{type}: payload").Select(violation => $"{violation.Field} {violation.Message}")
            .Concat(element.EnumerateObject().Where(member => !schema.Properties.ContainsKey(member.Name))
                .Select(member => $"{type}: payload.{member.Name} is not in the schema"));
    }

    /// <summary>The same of all that the Command Center has stored of its own, whoever wrote it there.</summary>
    public static async Task<IReadOnlyList<string>> FaultsOfStoredAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(
            "select distinct event_type, payload::text from command_center.events where publisher = 'command-center' and origin = 0 limit 1000");
        await using var reader = await command.ExecuteReaderAsync();
        var faults = new List<string>();
        while (await reader.ReadAsync())
        {
            faults.AddRange(Faults(reader.GetString(0), JsonNode.Parse(reader.GetString(1))!));
        }
        return faults;
    }
}
