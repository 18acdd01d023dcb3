using System.Text.Json;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Intents;

/// <summary>Holds what a provider answered against the intent's shape. A wrong shape is that provider's failure.</summary>
internal static class AnswerReading
{
    // Bounds on what is passed on; an answer beyond them is not an answer to the question.
    private const int MaxFieldChars = 500;
    private const int MaxSummaryChars = 8_000;
    private const int MaxListItems = 50;

    /// <summary>Reads a model's text, which may wrap its JSON in a code fence or in a sentence.</summary>
    public static IntentResult ReadText(Intent intent, string text)
    {
        var from = text.IndexOf('{', StringComparison.Ordinal);
        var to = text.LastIndexOf('}');
        if (from < 0 || to < from) throw Invalid("the answer holds no JSON object");
        try
        {
            using var json = JsonDocument.Parse(text.AsMemory(from, to - from + 1));
            return Read(intent, json.RootElement);
        }
        catch (JsonException e)
        {
            throw new ProviderFault(FaultKind.InvalidAnswer, "the answer is not JSON", e.Message, inner: e);
        }
    }

    public static IntentResult Read(Intent intent, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Invalid("the answer is not a JSON object");
        if (intent.Shape.Faults(json) is { Count: > 0 } faults) throw WrongShape(faults);
        var reader = new Fields(json);
        IntentResult result = intent.Name switch
        {
            BuiltIn.ExtractLead => ReadLead(reader),
            BuiltIn.SummarizeActivity => new ActivitySummary(reader.Required("summary", MaxSummaryChars), reader.Strings("key_points")),
            BuiltIn.ClassifyIntent => ReadIntent(intent, reader),
            _ => Structured.Of(intent.Shape, json),
        };
        return reader.Faults.Count == 0 ? result : throw WrongShape(reader.Faults);
    }

    private static Lead ReadLead(Fields fields)
    {
        var lead = new Lead(
            fields.Optional("name"), fields.Optional("email"), fields.Optional("company"), fields.Optional("phone"), fields.Strings("tags"));
        if (lead.Email is { } email && !email.Contains('@', StringComparison.Ordinal)) fields.Faults.Add("email is no address");
        return lead;
    }

    private static ChosenIntent ReadIntent(Intent intent, Fields fields)
    {
        var name = fields.Required("intent", MaxFieldChars);
        var confidence = fields.Number("confidence");
        if (confidence is < 0 or > 1) fields.Faults.Add("confidence is outside 0..1");
        return new ChosenIntent(intent.Choices.GetValueOrDefault(name, name), confidence);
    }

    private static ProviderFault WrongShape(IEnumerable<string> faults) => Invalid($"wrong shape: {string.Join("; ", faults)}");

    private static ProviderFault Invalid(string gist) => new(FaultKind.InvalidAnswer, gist);

    private sealed class Fields(JsonElement json)
    {
        public List<string> Faults { get; } = [];

        public string? Optional(string name)
        {
            if (!json.TryGetProperty(name, out var value)) return Fault<string?>($"{name} is missing", null);
            if (value.ValueKind == JsonValueKind.Null) return null;
            if (value.ValueKind != JsonValueKind.String) return Fault<string?>($"{name} is not a string", null);
            var text = value.GetString()!.Trim();
            if (text.Length > MaxFieldChars) return Fault<string?>($"{name} is too long", null);
            return text.Length == 0 ? null : text;
        }

        public string Required(string name, int maxChars)
        {
            if (!json.TryGetProperty(name, out var value)) return Fault($"{name} is missing", "");
            if (value.ValueKind != JsonValueKind.String) return Fault($"{name} is not a string", "");
            var text = value.GetString()!.Trim();
            if (text.Length == 0) return Fault($"{name} is empty", "");
            return text.Length > maxChars ? Fault($"{name} is too long", "") : text;
        }

        public double Number(string name) =>
            json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
                ? number
                : Fault($"{name} is not a number", 0d);

        public IReadOnlyList<string> Strings(string name)
        {
            if (!json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Array)
                return Fault<IReadOnlyList<string>>($"{name} is not a list", []);
            if (value.GetArrayLength() > MaxListItems) return Fault<IReadOnlyList<string>>($"{name} has more than {MaxListItems} items", []);
            if (value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String))
                return Fault<IReadOnlyList<string>>($"{name} holds something that is not a string", []);
            return [.. value.EnumerateArray().Select(v => v.GetString()!.Trim()).Where(v => v.Length > 0)];
        }

        private T Fault<T>(string message, T instead)
        {
            Faults.Add(message);
            return instead;
        }
    }
}
