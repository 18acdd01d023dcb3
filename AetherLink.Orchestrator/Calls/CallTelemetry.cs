using System.Diagnostics;
using System.Diagnostics.Metrics;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Spans and metrics; where OpenTelemetry's GenAI conventions have a name, under that name.</summary>
internal sealed class CallTelemetry : IDisposable
{
    public const string Name = "AetherLink.Orchestrator";

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
        _operation = meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Time of one attempt at one provider.");
        _tokens = meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of one attempt.");
    }

    public Activity? StartAttempt(Question question, ChainLink link)
    {
        var span = _source.StartActivity($"{question.Intent.Name} {link.Settings.Model ?? link.Name}", ActivityKind.Client);
        span?.SetTag("gen_ai.operation.name", question.Intent.Name)
            .SetTag("gen_ai.provider.name", link.Name)
            .SetTag("gen_ai.request.model", link.Settings.Model);
        return span;
    }

    public void Answered(Activity? span, Question question, ChainLink link, ProviderAnswer answer, TimeSpan took)
    {
        span?.SetTag("gen_ai.response.model", answer.Model)
            .SetTag("gen_ai.usage.input_tokens", answer.Tokens.Input)
            .SetTag("gen_ai.usage.output_tokens", answer.Tokens.Output);
        _operation.Record(took.TotalSeconds, Tags(question, link));
        if (answer.Tokens == TokenUse.None) return;
        _tokens.Record(answer.Tokens.Input, [.. Tags(question, link), new("gen_ai.token.type", "input")]);
        _tokens.Record(answer.Tokens.Output, [.. Tags(question, link), new("gen_ai.token.type", "output")]);
    }

    public void AttemptFailed(Activity? span, Question question, ChainLink link, ProviderFault fault, TimeSpan took)
    {
        span?.SetStatus(ActivityStatusCode.Error, fault.Message).SetTag("error.type", fault.Kind.Wire());
        _operation.Record(took.TotalSeconds, [.. Tags(question, link), new("error.type", fault.Kind.Wire())]);
    }

    public void Called(Question question, CallOutcome outcome)
    {
        var intent = new KeyValuePair<string, object?>("intent", question.Intent.Name);
        _calls.Add(1, intent, new("outcome", outcome.Outcome), new("provider", outcome.Provider ?? "none"));
        _duration.Record(outcome.LatencyMs / 1_000, intent);
        _overhead.Record(outcome.OverheadMs / 1_000, intent);
    }

    public void Dispose() => _source.Dispose();

    private static KeyValuePair<string, object?>[] Tags(Question question, ChainLink link) =>
    [
        new("gen_ai.operation.name", question.Intent.Name),
        new("gen_ai.provider.name", link.Name),
        new("gen_ai.request.model", link.Settings.Model),
    ];
}
