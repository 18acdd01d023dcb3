using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AetherLink.Orchestrator.Intents;
using YamlDotNet.RepresentationModel;

namespace AetherLink.Orchestrator.Settings;

/// <summary>Reads <c>intents</c>: new ones, and newer prompts for those of the contract.</summary>
internal static partial class IntentReading
{
    public static IntentCatalog Read(YamlFields root, Func<string, string?> beside, List<SettingsFault> faults)
    {
        var intents = new List<Intent>();
        var taken = BuiltIn.All.SelectMany(i => i.Aliases.Select(a => (Name: a, Of: i.Name)).Append((Name: i.Name, Of: i.Name)))
            .ToDictionary(n => n.Name, n => n.Of, StringComparer.Ordinal);
        foreach (var node in root.Items("intents"))
        {
            if (node is not YamlMappingNode mapping)
            {
                root.Fault(node, "an intent must be a mapping");
                continue;
            }
            if (ReadIntent(mapping, beside, faults) is not { } intent) continue;
            if (intents.Exists(other => other.Name == intent.Name)) faults.Add(new(YamlFields.LineOf(node), $"intent {intent.Name} stands there twice"));
            foreach (var name in BuiltIn.Has(intent.Name) ? [] : intent.Aliases.Append(intent.Name))
            {
                if (!taken.TryAdd(name, intent.Name) && taken[name] != intent.Name)
                    faults.Add(new(YamlFields.LineOf(node), $"intent {intent.Name}: the name {name} is {taken[name]}'s already"));
            }
            intents.Add(intent);
        }
        return faults.Count == 0 ? IntentCatalog.Of(intents) : Lenient(intents);
    }

    /// <summary>With faults nothing is taken over; whoever is named in what follows must still be known, or one fault would look like many.</summary>
    private static IntentCatalog Lenient(List<Intent> intents) => IntentCatalog.Of([.. intents
        .DistinctBy(intent => intent.Name, StringComparer.Ordinal)
        .Select(intent => BuiltIn.Has(intent.Name) ? intent : intent with { Aliases = [] })
        .Where(intent => BuiltIn.Has(intent.Name) || IntentCatalog.Standard.Find(intent.Name) is null)]);

    private static Intent? ReadIntent(YamlMappingNode node, Func<string, string?> beside, List<SettingsFault> faults)
    {
        var before = faults.Count;
        var label = node.Children.TryGetValue(new YamlScalarNode("name"), out var n) && n is YamlScalarNode { Value: { Length: > 0 } v }
            ? $"intent {v}: " : "intent: ";
        var fields = new YamlFields(node, label, faults);
        var name = fields.Text("name", required: true) ?? "";
        if (name.Length > 0 && !NamePattern().IsMatch(name)) fields.Fault("name", "must be of a-z, 0-9 and '-', up to 40 characters");
        var (prompt, version) = ReadPrompt(fields, beside);
        if (BuiltIn.All.FirstOrDefault(i => i.Name == name) is { } standard)
        {
            fields.NothingElse();
            return faults.Count == before ? standard with { Prompt = prompt, Version = version } : null;
        }

        var (schema, shape) = ReadSchema(fields, beside);
        var intent = new Intent
        {
            Name = name,
            Aliases = Names(fields, "aliases"),
            Description = fields.Text("description", required: true) ?? "",
            Capability = fields.Text("capability") ?? name,
            PayloadFields = fields.Has("payload") ? [.. fields.Texts("payload").Select(t => t.Text)] : ["raw_text"],
            Prompt = prompt,
            Version = version,
            Schema = schema,
            Shape = shape,
        };
        if (intent.PayloadFields.Count == 0) fields.Fault("payload", "must name at least one field");
        fields.NothingElse();
        return faults.Count == before ? intent : null;
    }

    private static (string Prompt, int Version) ReadPrompt(YamlFields fields, Func<string, string?> beside)
    {
        if (fields.Text("prompt", required: true) is not { } path) return ("", 0);
        var match = PromptFile().Match(path);
        if (!match.Success) fields.Fault("prompt", $"must be a file with its version in its name, such as intents/name.v1.md, not '{path}'");
        else if (beside(path) is not { Length: > 0 } text) fields.Fault("prompt", $"'{path}' is no file in the folder of this one, or is empty");
        else return (text, int.Parse(match.Groups["version"].ValueSpan, CultureInfo.InvariantCulture));
        return ("", 0);
    }

    private static (JsonElement Schema, JsonShape Shape) ReadSchema(YamlFields fields, Func<string, string?> beside)
    {
        var none = (default(JsonElement), IntentCatalog.Standard.All[0].Shape);
        if (fields.Text("schema", required: true) is not { } path) return none;
        if (beside(path) is not { } text)
        {
            fields.Fault("schema", $"'{path}' is no file in the folder of this one");
            return none;
        }
        try
        {
            using var json = JsonDocument.Parse(text);
            var schema = json.RootElement.Clone();
            var shape = JsonShape.Of(schema);
            if (schema.TryGetProperty("type", out var type) && type.ValueEquals("object")) return (schema, shape);
            fields.Fault("schema", $"'{path}': its type must be object");
        }
        catch (Exception e) when (e is JsonException or JsonShapeException or InvalidOperationException)
        {
            fields.Fault("schema", $"'{path}': {e.Message}");
        }
        return none;
    }

    private static List<string> Names(YamlFields fields, string field)
    {
        var names = new List<string>();
        foreach (var (text, node) in fields.Texts(field))
        {
            if (NamePattern().IsMatch(text)) names.Add(text);
            else fields.Fault(node, $"{field} must be of a-z, 0-9 and '-', up to 40 characters, not '{text}'");
        }
        return names;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\.v(?<version>[1-9][0-9]{0,4})\.md$")]
    private static partial Regex PromptFile();
}
