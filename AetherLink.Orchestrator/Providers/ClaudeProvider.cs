using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace AetherLink.Orchestrator.Providers;

/// <summary>Claude, by Anthropic's SDK.</summary>
internal sealed class ClaudeProvider : IProvider, IDisposable
{
    private readonly AnthropicClient _client;
    private readonly string _model;
    private readonly int _maxTokens;

    public ClaudeProvider(HttpClient http, Uri? url, string model, int maxTokens, string key)
    {
        (_model, _maxTokens) = (model, maxTokens);
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

    public async Task<ProviderAnswer> AskAsync(Question question, IPieceSink? pieces, Meter meter, CancellationToken cancellationToken)
    {
        var asked = new MessageCreateParams
        {
            Model = _model,
            MaxTokens = _maxTokens,
            System = question.Intent.Prompt,
            Messages = [new UserMessageParam { Content = question.Text }],
            OutputConfig = ModelSchema.Of(question.Intent) is { } schema ? new() { Format = new() { Schema = schema.Keywords } } : null,
        };
        try
        {
            return pieces is null
                ? Read(question.Intent, await _client.Messages.Create(asked, cancellationToken), meter)
                : await ReadAsync(question.Intent, _client.Messages.CreateStreaming(asked, cancellationToken), new(pieces), meter);
        }
        catch (AnthropicSseException e)
        {
            throw ClaudeErrors.InStream(e);
        }
        catch (AnthropicInvalidDataException e)
        {
            throw new ProviderFault(FaultKind.InvalidAnswer, "the answer is not Anthropic's", e.Message, inner: e);
        }
        catch (AnthropicIOException e) when (ProviderFault.Within(e) is null && !cancellationToken.IsCancellationRequested)
        {
            throw new ProviderFault(FaultKind.Network, e.InnerException.Message, inner: e);
        }
    }

    public void Dispose() => _client.Dispose();

    private ProviderAnswer Read(Intent intent, Message message, Meter meter)
    {
        meter.End(message.Usage.InputTokens, message.Usage.OutputTokens);
        ClaudeErrors.CheckStop(message.StopReason?.Raw());
        var text = string.Concat(message.Content.Select(block => block.TryPickText(out var part) ? part.Text : ""));
        return new(AnswerReading.ReadText(intent, text), ModelOf(message));
    }

    private async Task<ProviderAnswer> ReadAsync(Intent intent, IAsyncEnumerable<RawMessageStreamEvent> events, AnswerText text, Meter meter)
    {
        var (model, stopped) = (_model, false);
        await foreach (var one in events)
        {
            if (one.TryPickStart(out var start))
            {
                model = ModelOf(start.Message);
                meter.Begin(start.Message.Usage.InputTokens, start.Message.Usage.OutputTokens);
            }
            else if (one.TryPickContentBlockDelta(out var block))
            {
                if (block.Delta.TryPickText(out var part)) text.Append(part.Text);
            }
            else if (one.TryPickDelta(out var delta))
            {
                meter.End(meter.Tokens.Input, delta.Usage.OutputTokens);
                ClaudeErrors.CheckStop(delta.Delta.StopReason?.Raw());
            }
            else if (one.TryPickStop(out _))
            {
                stopped = true;
            }
        }
        return stopped ? new(text.Read(intent), model) : throw text.Cut();
    }

    private string ModelOf(Message message) => message.Model.Raw() is { Length: > 0 } model ? model : _model;
}
