using System.Globalization;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator.Calls;

/// <summary>
/// Marks in Grafana what stands out: a slow call as the time that it took; a provider that fails, and an intent that nobody
/// answers, as a region that ends when it answers again. One of a kind at a time, and not more than one a minute. Nothing of
/// it waits: the annotations have a queue of their own.
/// </summary>
internal sealed class Marking(GrafanaAnnotations annotations)
{
    private const string Provider = "provider ";

    /// <summary>Slower than this is worth a mark.</summary>
    private const double SlowMs = 2_000;

    /// <summary>An outage at a thousand calls a second is one mark, not a thousand; a provider that flaps is one a minute.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    // There are as many as providers and intents.
    private readonly Dictionary<string, DateTimeOffset> _marked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(annotations.OpenFromBefore, StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private volatile bool _anyOpen = annotations.OpenFromBefore.Count > 0;

    public void See(string intent, CallOutcome outcome, DateTimeOffset at)
    {
        // Nobody used a provider, and nobody failed.
        if (outcome.Outcome is Outcomes.Cancelled or Outcomes.Rejected || outcome.Cached) return;
        var isSlow = outcome.LatencyMs > SlowMs;
        // All is well, and was before: the common case, and the one that must not queue at a lock.
        if (!isSlow && !_anyOpen && outcome.Outcome == Outcomes.Success && !outcome.FellBack) return;
        lock (_lock)
        {
            // A reload, or PROVIDER_ORDER at the start, may have left it out: nobody else would end its region.
            foreach (var gone in _open.Where(key => IsGone(key, outcome.Order)).ToList()) Close(gone, at);
            SeeAttempts(outcome, at);
            if (outcome.Outcome == Outcomes.Failed) Open($"intent {intent}", $"All AI providers failed at {intent}", "failure", at);
            else Close($"intent {intent}", at);
            if (isSlow && IsFirst($"slow {intent} {outcome.Provider}", at))
            {
                annotations.TryAnnotate(
                    string.Create(CultureInfo.InvariantCulture, $"AI call {intent} took {outcome.LatencyMs / 1_000:0.0} s"), ["ai", "latency"],
                    at.AddMilliseconds(-outcome.LatencyMs), at);
            }
            _anyOpen = _open.Count > 0;
        }
    }

    private void SeeAttempts(CallOutcome outcome, DateTimeOffset at)
    {
        foreach (var attempt in outcome.Attempts)
        {
            if (attempt.Outcome == Outcomes.Success)
                Close(Provider + attempt.Provider, at);
            else if (attempt.Outcome == Outcomes.Failed && outcome.Provider is { } other)
                Open(Provider + attempt.Provider, $"AI provider {attempt.Provider} fails ({attempt.ErrorClass}): failover to {other}", "failover", at);
        }
    }

    private static bool IsGone(string key, IReadOnlyList<string> order) =>
        key.StartsWith(Provider, StringComparison.Ordinal) && !order.Contains(key[Provider.Length..], StringComparer.Ordinal);

    private void Open(string key, string text, string tag, DateTimeOffset at)
    {
        if (!_open.Contains(key) && IsFirst(key, at) && _open.Add(key)) annotations.TryOpen(key, text, ["ai", tag], at);
    }

    private void Close(string key, DateTimeOffset at)
    {
        if (_open.Remove(key)) annotations.TryClose(key, at);
    }

    private bool IsFirst(string key, DateTimeOffset at)
    {
        if (_marked.TryGetValue(key, out var last) && at - last < Quiet) return false;
        _marked[key] = at;
        return true;
    }
}
