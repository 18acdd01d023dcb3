using AetherLink.Orchestrator.Intents;

namespace AetherLink.Orchestrator.Providers;

/// <summary>For a provider that has its answer at once.</summary>
internal static class WholePieces
{
    public static void WriteWhole(this IPieceSink sink, IntentResult result) => sink.Write(ResultsJson.Text(result));
}
