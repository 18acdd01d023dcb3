using System.Reflection;
using System.Text.Json;

namespace AetherLink.Orchestrator.Intents;

/// <summary>The intents of the contract. Their results have types here; their prompts are files, and configuration may bring newer ones.</summary>
internal static class BuiltIn
{
    public const string ExtractLead = "extract-lead";
    public const string SummarizeActivity = "summarize-activity";
    public const string ClassifyIntent = "classify-intent";

    public static IReadOnlyList<Intent> All { get; } =
    [
        Make(ExtractLead, 1, ["extract"], ["raw_text"],
            "a message from or about a person who could become a customer, with who they are or how to reach them."),
        Make(SummarizeActivity, 1, ["summarize"], ["activity", "raw_text"],
            "notes, a transcript, a log or a thread of what happened, to be made shorter."),
        Make(ClassifyIntent, 2, ["route"], ["raw_text", "activity"], "a text of which it is not known what should be done with it."),
    ];

    public static bool Has(string name) => All.Any(intent => intent.Name == name);

    private static Intent Make(string name, int version, string[] aliases, string[] payload, string description)
    {
        var schema = JsonDocument.Parse(Resource($"{name}.v1.schema.json")).RootElement.Clone();
        return new()
        {
            Name = name,
            Aliases = aliases,
            Description = description,
            Capability = name,
            PayloadFields = payload,
            Prompt = Resource($"{name}.v{version}.md"),
            Version = version,
            Schema = schema,
            Shape = JsonShape.Of(schema),
        };
    }

    private static string Resource(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The prompt file {file} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
