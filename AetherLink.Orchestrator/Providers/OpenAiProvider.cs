using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;
using OpenAI;
using OpenAI.Chat;

namespace AetherLink.Orchestrator.Providers;

/// <summary>OpenAI, and whoever speaks its dialect at another URL, by OpenAI's SDK.</summary>
internal sealed class OpenAiProvider : IProvider
{
    private readonly ChatClient _client;
    private readonly string _model;
    private readonly int _maxTokens;

    public OpenAiProvider(HttpClient http, Uri? url, string model, int maxTokens, string key)
    {
        (_model, _maxTokens) = (model, maxTokens);
        var options = new OpenAIClientOptions
        {
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        if (url is not null) options.Endpoint = url;
        _client = new ChatClient(model, new ApiKeyCredential(key), options);
    }

    public async Task<ProviderAnswer> AskAsync(Question question, IPieceSink? pieces, Meter meter, CancellationToken cancellationToken)
    {
        var intent = question.Intent;
        ChatMessage[] messages = [new SystemChatMessage(intent.Prompt), new UserChatMessage(question.Text)];
        // Where it is not held to a schema, it is told of all of it.
        var strict = intent.Shape.IsStrict ? ModelSchema.Of(intent) : null;
        var options = new ChatCompletionOptions
        {
            Temperature = 0,
            MaxOutputTokenCount = _maxTokens,
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
                intent.Name, BinaryData.FromString(strict?.Text ?? intent.Schema.GetRawText()), jsonSchemaIsStrict: strict is not null),
        };
        try
        {
            return pieces is null
                ? Read(intent, await _client.CompleteChatAsync(messages, options, cancellationToken), meter)
                : await ReadAsync(intent, _client.CompleteChatStreamingAsync(messages, options, cancellationToken), new(pieces), meter);
        }
        // The SDK's models throw whatever their reading meets when the answer is of another shape.
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new ProviderFault(FaultKind.InvalidAnswer, "the answer is not OpenAI's", e.Message, inner: e);
        }
        catch (ClientResultException e) when (ProviderFault.Within(e) is null && !cancellationToken.IsCancellationRequested)
        {
            throw new ProviderFault(FaultKind.Network, (e.InnerException ?? e).Message, inner: e);
        }
    }

    private ProviderAnswer Read(Intent intent, ChatCompletion completion, Meter meter)
    {
        if (completion.Usage is { } usage) meter.End(usage.InputTokenCount, usage.OutputTokenCount);
        Check(completion.FinishReason, completion.Refusal);
        var text = string.Concat(completion.Content.Select(part => part.Text));
        return new(AnswerReading.ReadText(intent, text), completion.Model is { Length: > 0 } model ? model : _model);
    }

    private async Task<ProviderAnswer> ReadAsync(Intent intent, IAsyncEnumerable<StreamingChatCompletionUpdate> updates, AnswerText text, Meter meter)
    {
        var (model, refusal) = (_model, "");
        ChatFinishReason? finish = null;
        await foreach (var update in updates)
        {
            if (OpenAiErrors.InStream(update) is { } told) throw told;
            if (update.Model is { Length: > 0 } said) model = said;
            if (update.Usage is { } usage) meter.End(usage.InputTokenCount, usage.OutputTokenCount);
            refusal += update.RefusalUpdate;
            finish = update.FinishReason ?? finish;
            foreach (var part in update.ContentUpdate)
            {
                if (part.Text is { Length: > 0 } piece) text.Append(piece);
            }
        }
        if (finish is not { } end) throw text.Cut();
        Check(end, refusal);
        return new(text.Read(intent), model);
    }

    private static void Check(ChatFinishReason finish, string? refusal)
    {
        if (refusal is { Length: > 0 } || finish == ChatFinishReason.ContentFilter) throw new ProviderFault(FaultKind.Refusal, "the model refused");
        if (finish == ChatFinishReason.Length) throw new ProviderFault(FaultKind.InvalidAnswer, "the answer is longer than max_output_tokens");
    }
}
