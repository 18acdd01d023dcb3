using System.Text;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Providers;

/// <summary>
/// The text of an answer as it comes in. It is passed on from its first brace: what a model says before its JSON, or instead of
/// it, has begun no answer, and the next provider may still give one.
/// </summary>
internal sealed class AnswerText(IPieceSink sink)
{
    // As much as FaultHandler reads of an answer that comes at once.
    private const int MaxChars = FaultHandler.MaxAnswerBytes;

    private readonly StringBuilder _whole = new();

    public void Append(string piece)
    {
        if (_whole.Length + piece.Length > MaxChars) throw new ProviderFault(FaultKind.InvalidAnswer, "the answer does not end");
        _whole.Append(piece);
        var from = sink.HasBegun ? 0 : piece.IndexOf('{', StringComparison.Ordinal);
        if (from >= 0 && piece.Length > from) sink.Write(piece[from..]);
    }

    public IntentResult Read(Intent intent) => AnswerReading.ReadText(intent, _whole.ToString());

    /// <summary>A stream that stops without saying that it is complete was cut, however cleanly.</summary>
    public ProviderFault Cut() => _whole.Length == 0
        ? new(FaultKind.InvalidAnswer, "the answer is no stream of this provider's")
        : new(FaultKind.Network, "the stream ended before the answer did");
}
