using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Local;

/// <summary>The last of the chain: deterministic rules, no network, no key.</summary>
internal sealed class LocalProvider : IProvider
{
    public const string Model = "local-rules-1";

    public Task<ProviderAnswer> AskAsync(Question question, IPieceSink? pieces, Meter meter, CancellationToken cancellationToken)
    {
        IntentResult result = question.Intent.Name switch
        {
            BuiltIn.ExtractLead => LeadExtraction.Extract(question.Text),
            BuiltIn.SummarizeActivity => Summarising.Summarise(question.Text),
            BuiltIn.ClassifyIntent => IntentClassifying.Classify(question.Text),
            // An intent of configuration may share a capability with one of these.
            _ => throw new ProviderFault(FaultKind.Refusal, $"there are no local rules for {question.Intent}"),
        };
        pieces?.WriteWhole(result);
        return Task.FromResult(new ProviderAnswer(result, Model));
    }
}
