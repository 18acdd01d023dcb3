using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Calls;

/// <summary>How a call ended.</summary>
internal static class Outcomes
{
    public const string Success = "success";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
    public const string Skipped = "skipped";
}

/// <summary>What became of one provider of the chain: success, failed, cancelled or skipped.</summary>
internal sealed record Attempt(string Provider, string Outcome, string? Error, string? ErrorClass, double LatencyMs)
{
    public static Attempt Skipped(string provider, string reason) => new(provider, Outcomes.Skipped, reason, null, 0);

    public static Attempt Failed(string provider, ProviderFault fault, double latencyMs) =>
        new(provider, Outcomes.Failed, fault.Message, fault.Kind.Wire(), latencyMs);
}

/// <summary>What it took.</summary>
internal sealed record Usage(long InputTokens, long OutputTokens, double CostUsd)
{
    public static Usage None { get; } = new(0, 0, 0);
}

/// <summary>A finished call, whatever its end.</summary>
internal sealed record CallOutcome
{
    public required string Outcome { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public IntentResult? Result { get; init; }

    public required IReadOnlyList<Attempt> Attempts { get; init; }

    public required IReadOnlyList<string> Order { get; init; }

    public required double LatencyMs { get; init; }

    /// <summary>What the orchestrator added: the whole time without the providers' own.</summary>
    public required double OverheadMs { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>Whether somebody before the one who answered was meant to, and could not.</summary>
    public bool FellBack => Attempts.Any(a =>
        a.Outcome == Outcomes.Failed || (a.Outcome == Outcomes.Skipped && a.Error!.StartsWith("circuit", StringComparison.Ordinal)));
}
