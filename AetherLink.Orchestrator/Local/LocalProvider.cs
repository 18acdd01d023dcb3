using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Providers;

namespace AetherLink.Orchestrator.Local;

/// <summary>The last of the chain: deterministic rules, no network, no key.</summary>
internal sealed class LocalProvider : IProvider
{
    public const string Model = "local-rules-1";

    public Task<ProviderAnswer> AskAsync(Question question, IPieceSink? pieces, CancellationToken cancellationToken)
    {
        IntentResult result = question.Intent.Name switch
        {
            "extract-lead" => LeadExtraction.Extract(question.Text),
            "summarize-activity" => Summarising.Summarise(question.Text),
            "classify-intent" => IntentClassifying.Classify(question.Text),
            _ => throw new InvalidOperationException($"The local provider does not know {question.Intent}."),
        };
        var answer = new ProviderAnswer(result, Model, TokenUse.None);
        pieces?.WriteWhole(answer);
        return Task.FromResult(answer);
    }
}
