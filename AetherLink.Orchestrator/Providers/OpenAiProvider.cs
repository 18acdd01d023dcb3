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
    private const int MaxTokens = 2_048;

    private readonly ChatClient _client;
    private readonly string _model;

    public OpenAiProvider(HttpClient http, Uri? url, string model, string key)
    {
        _model = model;
        var options = new OpenAIClientOptions
        {
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        if (url is not null) options.Endpoint = url;
        _client = new ChatClient(model, new ApiKeyCredential(key), options);
    }

    public async Task<ProviderAnswer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var intent = question.Intent;
        try
        {
            ChatCompletion completion = await _client.CompleteChatAsync(
                [new SystemChatMessage(intent.Prompt), new UserChatMessage(question.Text)],
                new ChatCompletionOptions
                {
                    Temperature = 0,
                    MaxOutputTokenCount = MaxTokens,
                    ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
                        intent.Name, BinaryData.FromString(intent.Schema.GetRawText()), jsonSchemaIsStrict: true),
                },
                cancellationToken);
            return Read(intent, completion);
        }
        // The SDK's models throw whatever their reading meets when the answer is of another shape.
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new ProviderFault(FaultKind.InvalidAnswer, $"the answer is not OpenAI's: {e.Message}", inner: e);
        }
        catch (ClientResultException e)
        {
            throw new ProviderFault(FaultKind.Network, (e.InnerException ?? e).Message, inner: e);
        }
    }

    private ProviderAnswer Read(Intent intent, ChatCompletion completion)
    {
        if (completion.Refusal is { Length: > 0 } || completion.FinishReason == ChatFinishReason.ContentFilter)
            throw new ProviderFault(FaultKind.Refusal, "the model refused");
        var text = string.Concat(completion.Content.Select(part => part.Text));
        return new(
            AnswerReading.ReadText(intent, text),
            completion.Model is { Length: > 0 } model ? model : _model,
            completion.Usage is { } usage ? new(usage.InputTokenCount, usage.OutputTokenCount) : TokenUse.None);
    }
}
