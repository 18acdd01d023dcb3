using System.Globalization;
using AetherLink.CommandCenter.Deliveries.Scheduling;

namespace AetherLink.CommandCenter.Failures;

/// <summary>
/// What the Orchestrator's audit tells of an attempt with a model, as a failure like any other. Of an answer that is its class and its
/// status, and which words of a list of ours it holds; the provider's own words, which may repeat the text, only where prompts are audited too.
/// </summary>
internal static class AiFailure
{
    /// <summary>How the Orchestrator begins what it tells of an answer: the status, with a comma each word of ours, or with a colon the head of the text.</summary>
    private const string Answered = "HTTP ";

    /// <param name="kind">The class that the Orchestrator gave it.</param>
    /// <param name="error">What it says of it.</param>
    public static Failure Of(string? kind, string? error)
    {
        var text = error ?? "";
        return text.StartsWith(Answered, StringComparison.Ordinal) && text.Length >= Answered.Length + 3
            && int.TryParse(text.AsSpan(Answered.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? new() { Error = AttemptError.Status, Status = status, Text = text[(Answered.Length + 3)..].TrimStart(':', ',', ' '), Kind = kind, IsOfAModel = true }
            : new() { Error = Error(kind), Text = text, Kind = kind, IsOfAModel = true };
    }

    private static AttemptError Error(string? kind) => kind switch
    {
        "timeout" => AttemptError.ReadTimeout,
        "network" => AttemptError.Reset,
        "invalid_answer" => AttemptError.Protocol,
        "overload" => AttemptError.Status,
        _ => AttemptError.None,
    };
}
