namespace AetherLink.Orchestrator.Intents;

/// <summary>The result of an intent, in the shape that the contract promises whoever gave it.</summary>
internal abstract record IntentResult;

internal sealed record Lead(string? Name, string? Email, string? Company, string? Phone, IReadOnlyList<string> Tags) : IntentResult
{
    /// <summary>A lead that was just extracted is always new.</summary>
    public string Status { get; } = "new";
}

internal sealed record ActivitySummary(string Summary, IReadOnlyList<string> KeyPoints) : IntentResult;

internal sealed record ChosenIntent(string Intent, double Confidence) : IntentResult;
