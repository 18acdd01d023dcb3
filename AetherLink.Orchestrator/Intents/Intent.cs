using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace AetherLink.Orchestrator.Intents;

/// <summary>Something a caller can ask for. Its name is also the capability that a provider must have.</summary>
internal sealed class Intent
{
    private Intent(string name, string[] aliases, string[] payloadFields)
    {
        Name = name;
        Aliases = aliases;
        PayloadFields = payloadFields;
        Prompt = Resource($"{name}.v1.md");
        Schema = JsonDocument.Parse(Resource($"{name}.v1.schema.json")).RootElement.Clone();
    }

    public static Intent ExtractLead { get; } = new("extract-lead", ["extract"], ["raw_text"]);

    public static Intent SummarizeActivity { get; } = new("summarize-activity", ["summarize"], ["activity", "raw_text"]);

    public static Intent ClassifyIntent { get; } = new("classify-intent", ["route"], ["raw_text", "activity"]);

    public static IReadOnlyList<Intent> All { get; } = [ExtractLead, SummarizeActivity, ClassifyIntent];

    /// <summary>Every name that is understood, in the order in which an error lists them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.SelectMany(i => (string[])[i.Name, .. i.Aliases])];

    private static readonly FrozenDictionary<string, Intent> ByName = All
        .SelectMany(i => i.Aliases.Append(i.Name).Select(n => KeyValuePair.Create(n, i)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    public string Name { get; }

    public IReadOnlyList<string> Aliases { get; }

    /// <summary>Where in the payload the text stands; the first one present counts.</summary>
    public IReadOnlyList<string> PayloadFields { get; }

    /// <summary>What a language model is told. The version is in the file's name.</summary>
    public string Prompt { get; }

    /// <summary>The shape of a result as JSON schema, for models that can be held to one.</summary>
    public JsonElement Schema { get; }

    public static Intent? Find(string? name) => name is not null && ByName.TryGetValue(name, out var intent) ? intent : null;

    public override string ToString() => Name;

    private static string Resource(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The prompt file {file} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
