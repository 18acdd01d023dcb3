using System.Diagnostics;
using System.Diagnostics.Metrics;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;
using AetherLink.Orchestrator.Settings;

namespace AetherLink.Orchestrator.Calls;

/// <summary>
/// Spans and metrics: where OpenTelemetry's semantic conventions for generative AI have a name, under that name. A provider of the
/// conventions is whose API it is; which entry of our file it was is <c>aetherlink.provider</c>.
/// </summary>
internal sealed class CallTelemetry : IDisposable
{
    public const string Name = "AetherLink.Orchestrator";

    /// <summary>Every intent is put to a model as a conversation.</summary>
    private const string Operation = "chat";

    // The boundaries that the conventions advise.
    private static readonly double[] Seconds =
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    private static readonly long[] TokenCounts =
        [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

    private readonly ActivitySource _source = new(Name);
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _overhead;
    private readonly Histogram<double> _operation;
    private readonly Histogram<long> _tokens;

    public CallTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _calls = meter.CreateCounter<long>("ai_orchestrator_calls", "{call}", "Calls by intent, outcome and provider.");
        _duration = meter.CreateHistogram<double>("ai_orchestrator_call_duration", "s", "Whole time of a call.");
        // From a twentieth of a millisecond: the promise is a median below half of one.
        _overhead = meter.CreateHistogram("ai_orchestrator_overhead", "s", "Time of a call outside of its providers.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.003, 0.01, 0.05, 0.2] });
        _operation = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "Time of one attempt at one provider.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        _tokens = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of one attempt.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = TokenCounts });
    }

    public Activity? StartAttempt(Question question, ChainLink link)
    {
        if (!_source.HasListeners()) return null;
        // Those that decide about sampling must be there at the start.
        var tags = Tags(link);
        tags.Add("aetherlink.intent", question.Intent.Name);
        tags.Add("gen_ai.output.type", "json");
        if (link.NeedsNetwork) tags.Add("gen_ai.request.max_tokens", link.Settings.Limits.MaxOutputTokens);
        return _source.CreateActivity(
            link.Settings.Model is { } model ? $"{Operation} {model}" : Operation, ActivityKind.Client, default(ActivityContext), tags)?.Start();
    }

    public void Answered(Activity? span, ChainLink link, ProviderAnswer answer, TokenUse tokens, TimeSpan took)
    {
        var tags = Tags(link);
        tags.Add("gen_ai.response.model", answer.Model);
        _operation.Record(took.TotalSeconds, tags);
        Count(span, tags, tokens);
        span?.SetTag("gen_ai.response.model", answer.Model);
    }

    public void Failed(Activity? span, ChainLink link, ProviderFault fault, TokenUse tokens, TimeSpan took) =>
        Ended(span, link, fault.Kind.Wire(), fault.Gist, tokens, took);

    /// <summary>By the caller, or since somebody else was quicker.</summary>
    public void Cancelled(Activity? span, ChainLink link, TokenUse tokens, TimeSpan took) =>
        Ended(span, link, Outcomes.Cancelled, null, tokens, took);

    /// <param name="question">What was asked.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="recording">What its record took, which cannot say so itself.</param>
    public void Called(Question question, CallOutcome outcome, TimeSpan recording)
    {
        var intent = new KeyValuePair<string, object?>("intent", question.Intent.Name);
        _calls.Add(1, intent, new("outcome", outcome.Outcome), new("provider", outcome.Provider ?? "none"));
        _duration.Record(outcome.LatencyMs / 1_000 + recording.TotalSeconds, intent);
        _overhead.Record(outcome.OverheadMs / 1_000 + recording.TotalSeconds, intent);
    }

    public void Dispose() => _source.Dispose();

    private void Ended(Activity? span, ChainLink link, string error, string? message, TokenUse tokens, TimeSpan took)
    {
        var tags = Tags(link);
        Count(span, tags, tokens);
        tags.Add("error.type", error);
        _operation.Record(took.TotalSeconds, tags);
        span?.SetStatus(ActivityStatusCode.Error, message).SetTag("error.type", error);
    }

    private void Count(Activity? span, TagList tags, TokenUse tokens)
    {
        // Not said is not nothing.
        if (tokens == TokenUse.None) return;
        span?.SetTag("gen_ai.usage.input_tokens", tokens.Input).SetTag("gen_ai.usage.output_tokens", tokens.Output);
        var output = tags;
        tags.Add("gen_ai.token.type", "input");
        output.Add("gen_ai.token.type", "output");
        _tokens.Record(tokens.Input, tags);
        _tokens.Record(tokens.Output, output);
    }

    private static TagList Tags(ChainLink link)
    {
        var tags = new TagList
        {
            { "gen_ai.operation.name", Operation },
            { "gen_ai.provider.name", Provider(link.Settings.Type) },
            { "gen_ai.request.model", link.Settings.Model ?? link.Name },
            { "aetherlink.provider", link.Name },
        };
        if (link.Settings.Url is not { } url) return tags;
        tags.Add("server.address", url.Host);
        tags.Add("server.port", url.Port);
        return tags;
    }

    // The conventions' own names, and where they have none, ours.
    private static string Provider(ProviderType type) => type switch
    {
        ProviderType.Claude => "anthropic",
        ProviderType.OpenAi => "openai",
        ProviderType.Ollama => "ollama",
        ProviderType.Http => "http",
        _ => "local",
    };
}
