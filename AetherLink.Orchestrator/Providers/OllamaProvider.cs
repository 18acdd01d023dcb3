using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Providers;

/// <summary>Ollama by its own API, POST /api/chat, held to the intent's schema by <c>format</c>.</summary>
internal sealed class OllamaProvider(HttpClient http, Uri url, string model) : IProvider
{
    private readonly Uri _chat = new(url.AbsoluteUri.TrimEnd('/') + "/api/chat");

    public async Task<ProviderAnswer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var body = new ChatBody(
            model, [new("system", question.Intent.Prompt), new("user", question.Text)], question.Intent.Schema, Stream: false, new(Temperature: 0));
        using var response = await http.PostAsJsonAsync(_chat, body, OllamaJson.Default.ChatBody, cancellationToken);
        ChatAnswer? answer;
        try
        {
            answer = await response.Content.ReadFromJsonAsync(OllamaJson.Default.ChatAnswer, cancellationToken);
        }
        catch (JsonException e)
        {
            throw new ProviderFault(FaultKind.InvalidAnswer, $"the answer is not Ollama's: {e.Message}", inner: e);
        }
        if (answer?.Message?.Content is not { } text)
            throw new ProviderFault(FaultKind.InvalidAnswer, answer?.Error ?? "the answer has no message.content");
        return new(AnswerReading.ReadText(question.Intent, text), answer.Model ?? model, new(answer.PromptEvalCount, answer.EvalCount));
    }

    internal sealed record ChatMessage(string Role, string? Content);

    internal sealed record ChatOptions(double Temperature);

    internal sealed record ChatBody(string Model, IReadOnlyList<ChatMessage> Messages, JsonElement Format, bool Stream, ChatOptions Options);

    internal sealed record ChatAnswer(string? Model, ChatMessage? Message, string? Error, long PromptEvalCount, long EvalCount);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OllamaProvider.ChatBody))]
[JsonSerializable(typeof(OllamaProvider.ChatAnswer))]
internal sealed partial class OllamaJson : JsonSerializerContext;
