using System.Text.Json.Nodes;

namespace Compat.Tests.AspireHosting;

/// <summary>As much of JSON Schema draft 7 as the manifest's schema uses.</summary>
internal sealed class JsonSchema(JsonNode root)
{
    public IReadOnlyList<string> Validate(JsonNode value) => [.. Check(root, value, "$")];

    private IEnumerable<string> Check(JsonNode schema, JsonNode? value, string path)
    {
        if (schema is JsonValue flag)
        {
            return flag.GetValue<bool>() ? [] : [$"{path} is not allowed"];
        }

        var rules = schema.AsObject();
        if (rules["$ref"]?.GetValue<string>() is { } reference)
        {
            return Check(Resolve(reference), value, path);
        }

        return OfType(rules, value, path)
            .Concat(OfValue(rules, value, path))
            .Concat(OfObject(rules, value as JsonObject, path))
            .Concat(OfArray(rules, value as JsonArray, path))
            .Concat(OfOthers(rules, value, path));
    }

    private static IEnumerable<string> OfType(JsonObject rules, JsonNode? value, string path)
    {
        var wanted = rules["type"] switch
        {
            JsonArray several => several.Select(type => type!.GetValue<string>()).ToArray(),
            { } one => [one.GetValue<string>()],
            null => [],
        };
        var actual = value?.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
            null => "null",
            var kind => kind.ToString()!.ToLowerInvariant(),
        };
        if (wanted.Length > 0 && !wanted.Contains(actual) && !(actual == "number" && wanted.Contains("integer")))
        {
            yield return $"{path} is {actual}, not {string.Join(" or ", wanted)}";
        }
    }

    private static IEnumerable<string> OfValue(JsonObject rules, JsonNode? value, string path)
    {
        if (rules["const"] is { } constant && !JsonNode.DeepEquals(constant, value))
        {
            yield return $"{path} is not {constant}";
        }

        if (rules["enum"] is JsonArray values && !values.Any(each => JsonNode.DeepEquals(each, value)))
        {
            yield return $"{path} is none of {values.ToJsonString()}";
        }

        if (rules["minLength"]?.GetValue<int>() is { } length && value?.GetValueKind() == System.Text.Json.JsonValueKind.String && value.GetValue<string>().Length < length)
        {
            yield return $"{path} is too short";
        }
    }

    private IEnumerable<string> OfObject(JsonObject rules, JsonObject? value, string path)
    {
        if (value is null)
        {
            yield break;
        }

        foreach (var required in rules["required"]?.AsArray().Select(name => name!.GetValue<string>()).Where(name => !value.ContainsKey(name)) ?? [])
        {
            yield return $"{path} lacks {required}";
        }

        var known = rules["properties"]?.AsObject();
        foreach (var (name, property) in value)
        {
            var rule = known?[name] ?? rules["additionalProperties"];
            foreach (var fault in rule is null ? [] : Check(rule, property, $"{path}.{name}"))
            {
                yield return fault;
            }
        }
    }

    private IEnumerable<string> OfArray(JsonObject rules, JsonArray? value, string path) =>
        value is not null && rules["items"] is { } items ? value.SelectMany((item, index) => Check(items, item, $"{path}[{index}]")) : [];

    private IEnumerable<string> OfOthers(JsonObject rules, JsonNode? value, string path)
    {
        if (rules["not"] is { } forbidden && !Check(forbidden, value, path).Any())
        {
            yield return $"{path} matches what it must not";
        }

        if (rules["oneOf"] is JsonArray alternatives)
        {
            var faults = alternatives.Select(alternative => Check(alternative!, value, path).ToArray()).ToArray();
            if (faults.Count(each => each.Length == 0) != 1)
            {
                yield return $"{path} matches {faults.Count(each => each.Length == 0)} of the alternatives: {string.Join("; ", faults.MinBy(each => each.Length)!)}";
            }
        }
    }

    private JsonNode Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate(root, (node, name) => node[name]!);
}
