using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Providers;

/// <summary>Ollama by its own API, POST /api/chat, held to the intent's schema by <c>format</c>. Its stream is one JSON object after another.</summary>
internal sealed class OllamaProvider(HttpClient http, Uri url, string model, int maxTokens, string? key) : IProvider
{
    private readonly Uri _chat = new(url.AbsoluteUri.TrimEnd('/') + "/api/chat");

    public async Task<ProviderAnswer> AskAsync(Question question, IPieceSink? pieces, Meter meter, CancellationToken cancellationToken)
    {
        var body = new ChatBody(
            model, [new("system", question.Intent.Prompt), new("user", question.Text)], question.Intent.Schema,
            Stream: pieces is not null, new(Temperature: 0, NumPredict: maxTokens));
        using var request = new HttpRequestMessage(HttpMethod.Post, _chat) { Content = JsonContent.Create(body, OllamaJson.Default.ChatBody) };
        request.WithKey(key);
        using var response = await http.SendAsync(
            request, pieces is null ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            return pieces is null
                ? Read(question.Intent, await JsonSerializer.DeserializeAsync(content, OllamaJson.Default.ChatAnswer, cancellationToken), meter)
                : await ReadAsync(question.Intent, content, new(pieces), meter, cancellationToken);
        }
        catch (JsonException e)
        {
            throw new ProviderFault(FaultKind.InvalidAnswer, "the answer is not Ollama's", e.Message, inner: e);
        }
    }

    private ProviderAnswer Read(Intent intent, ChatAnswer? answer, Meter meter)
    {
        if (answer is not null) meter.End(answer.PromptEvalCount, answer.EvalCount);
        if (answer?.Message?.Content is not { } text)
            throw new ProviderFault(FaultKind.InvalidAnswer, "the answer has no message.content", answer?.Error);
        CheckEnd(answer);
        return new(AnswerReading.ReadText(intent, text), answer.Model ?? model);
    }

    private async Task<ProviderAnswer> ReadAsync(Intent intent, Stream content, AnswerText text, Meter meter, CancellationToken cancellationToken)
    {
        var lines = JsonSerializer.DeserializeAsyncEnumerable(content, OllamaJson.Default.ChatAnswer, topLevelValues: true, cancellationToken);
        await foreach (var line in lines)
        {
            // Once it has begun, Ollama can tell of a failure in no other way.
            if (line?.Error is { } error) throw new ProviderFault(FaultKind.Overload, "it failed in the middle of its answer", error);
            if (line?.Message?.Content is { Length: > 0 } piece) text.Append(piece);
            if (line is not { Done: true }) continue;
            meter.End(line.PromptEvalCount, line.EvalCount);
            CheckEnd(line);
            return new(text.Read(intent), line.Model ?? model);
        }
        throw text.Cut();
    }

    private static void CheckEnd(ChatAnswer answer)
    {
        if (answer.DoneReason == "length") throw new ProviderFault(FaultKind.InvalidAnswer, "the answer is longer than max_output_tokens");
    }

    internal sealed record ChatMessage(string Role, string? Content);

    internal sealed record ChatOptions(double Temperature, int NumPredict);

    internal sealed record ChatBody(string Model, IReadOnlyList<ChatMessage> Messages, JsonElement Format, bool Stream, ChatOptions Options);

    internal sealed record ChatAnswer(
        string? Model, ChatMessage? Message, string? Error, bool Done, string? DoneReason, long PromptEvalCount, long EvalCount);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OllamaProvider.ChatBody))]
[JsonSerializable(typeof(OllamaProvider.ChatAnswer))]
internal sealed partial class OllamaJson : JsonSerializerContext;
