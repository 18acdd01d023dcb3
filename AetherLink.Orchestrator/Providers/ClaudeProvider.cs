using System.Text.Json;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace AetherLink.Orchestrator.Providers;

/// <summary>Claude, by Anthropic's SDK.</summary>
internal sealed class ClaudeProvider : IProvider, IDisposable
{
    // The longest result, a summary with its key points, is far below; a runaway answer ends here.
    private const int MaxTokens = 2_048;

    private readonly AnthropicClient _client;
    private readonly string _model;

    public ClaudeProvider(HttpClient http, Uri? url, string model, string key)
    {
        _model = model;
        // Everything is said explicitly: what is left out, the SDK takes from variables of its own.
        _client = new AnthropicClient
        {
            ApiKey = key,
            AuthToken = null,
            BaseUrl = (url?.AbsoluteUri ?? "https://api.anthropic.com").TrimEnd('/'),
            HttpClient = http,
            MaxRetries = 0,
            // Each attempt has its own, shorter one; this one the SDK tells the server in a header.
            Timeout = TimeSpan.FromMinutes(5),
        };
    }

    public async Task<ProviderAnswer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        try
        {
            var message = await _client.Messages.Create(
                new MessageCreateParams
                {
                    Model = _model,
                    MaxTokens = MaxTokens,
                    System = question.Intent.Prompt,
                    Messages = [new UserMessageParam { Content = question.Text }],
                    OutputConfig = new() { Format = new() { Schema = SchemaOf(question.Intent) } },
                },
                cancellationToken);
            return Read(question.Intent, message);
        }
        catch (AnthropicInvalidDataException e)
        {
            throw new ProviderFault(FaultKind.InvalidAnswer, $"the answer is not Anthropic's: {e.Message}", inner: e);
        }
        catch (AnthropicIOException e)
        {
            throw new ProviderFault(FaultKind.Network, e.InnerException.Message, inner: e);
        }
    }

    public void Dispose() => _client.Dispose();

    private static Dictionary<string, JsonElement> SchemaOf(Intent intent) =>
        intent.Schema.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);

    private ProviderAnswer Read(Intent intent, Message message)
    {
        if (message.StopReason?.Raw() == "refusal") throw new ProviderFault(FaultKind.Refusal, "the model refused");
        var text = string.Concat(message.Content.Select(block => block.TryPickText(out var part) ? part.Text : ""));
        return new(
            AnswerReading.ReadText(intent, text),
            message.Model.Raw() is { Length: > 0 } model ? model : _model,
            new(message.Usage.InputTokens, message.Usage.OutputTokens));
    }
}
