using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Orchestrator.Intents;

/// <summary>Every intent that is known: those of the contract, and those of configuration.</summary>
internal sealed class IntentCatalog
{
    /// <summary>In the prompt of an intent that chooses: replaced by what there is to choose.</summary>
    private const string Placeholder = "{{intents}}";

    private readonly FrozenDictionary<string, Intent> _byName;

    private IntentCatalog(IReadOnlyList<Intent> all)
    {
        var choices = all.Where(intent => intent.Name != BuiltIn.ClassifyIntent).ToList();
        All = [.. all.Select(intent => intent.Name == BuiltIn.ClassifyIntent ? Choosing(intent, choices) : intent)];
        _byName = NamesOf(All).ToFrozenDictionary(name => name.Key, name => name.Value, StringComparer.Ordinal);
        Names = [.. All.SelectMany(intent => (string[])[intent.Name, .. intent.Aliases])];
    }

    public static IntentCatalog Standard { get; } = new(BuiltIn.All);

    public IReadOnlyList<Intent> All { get; }

    /// <summary>Every name that is understood, in the order in which an error lists them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What a provider can be said to be capable of.</summary>
    public IEnumerable<string> Capabilities => All.Select(intent => intent.Capability).Distinct(StringComparer.Ordinal);

    /// <summary>Those of the contract, or what replaces them under their names, and then the others.</summary>
    public static IntentCatalog Of(IReadOnlyList<Intent> configured)
    {
        if (configured.Count == 0) return Standard;
        var standard = BuiltIn.All.Select(intent => configured.FirstOrDefault(other => other.Name == intent.Name) ?? intent);
        return new([.. standard, .. configured.Where(intent => !BuiltIn.Has(intent.Name))]);
    }

    public Intent? Find(string? name) => name is not null && _byName.TryGetValue(name, out var intent) ? intent : null;

    private static IEnumerable<KeyValuePair<string, Intent>> NamesOf(IEnumerable<Intent> intents) =>
        intents.SelectMany(intent => intent.Aliases.Append(intent.Name).Select(name => KeyValuePair.Create(name, intent)));

    private static Intent Choosing(Intent intent, IReadOnlyList<Intent> choices)
    {
        var schema = JsonNode.Parse(intent.Schema.GetRawText())!;
        schema["properties"]!["intent"]!["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice.Name)]);
        var element = JsonSerializer.SerializeToElement(schema);
        return intent with
        {
            Prompt = intent.Prompt.Replace(Placeholder, string.Join('\n', choices.Select(choice => $"* {choice.Name}: {choice.Description}")), StringComparison.Ordinal),
            Schema = element,
            Shape = JsonShape.Of(element),
            Choices = NamesOf(choices).ToFrozenDictionary(name => name.Key, name => name.Value.Name, StringComparer.Ordinal),
        };
    }
}
