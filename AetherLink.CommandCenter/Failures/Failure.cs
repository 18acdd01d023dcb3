using System.Net.Http.Headers;
using AetherLink.CommandCenter.Deliveries.Scheduling;

namespace AetherLink.CommandCenter.Failures;

/// <summary>All that is known of an attempt that failed.</summary>
internal sealed record Failure
{
    /// <summary>How it failed, where no answer came.</summary>
    public required AttemptError Error { get; init; }

    public int? Status { get; init; }

    /// <summary>A header of the answer; null for one that did not come.</summary>
    public Func<string, string?> Header { get; init; } = static _ => null;

    /// <summary>The answer's text, or its head; without an answer, what the libraries said.</summary>
    public string? Text { get; init; }

    /// <summary>Of a call to a model.</summary>
    public bool IsOfAModel { get; init; }

    /// <summary>What the Orchestrator took it for, who has seen the whole answer.</summary>
    public string? Kind { get; init; }

    /// <summary>By which dates of headers are reckoned.</summary>
    public DateTimeOffset At { get; init; }

    public static Func<string, string?> Headers(HttpResponseHeaders headers) =>
        name => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
