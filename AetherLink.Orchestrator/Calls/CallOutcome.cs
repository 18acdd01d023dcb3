using System.Text.Json.Serialization;
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

    /// <summary>Not asked for want of a budget, or over a rate.</summary>
    public const string Rejected = "rejected";

    /// <summary>Was there, and not needed.</summary>
    public const string PassedOver = "passed_over";
}

/// <summary>What became of one provider of the chain: success, failed, cancelled or skipped. The class is a fault's or a skip's.</summary>
internal sealed record Attempt(string Provider, string Outcome, string? Error, string? ErrorClass, double LatencyMs, string Why)
{
    /// <summary>What it took although it gave no answer, as far as it said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Usage? Usage { get; init; }

    /// <summary>The error without the provider's own words, which may repeat what it was asked.</summary>
    [JsonIgnore]
    public string? Gist { get; init; }

    public Attempt Discreet() => Gist is null || Gist == Error ? this : this with { Error = Gist };

    public static Attempt Succeeded(RouteStep step, double latencyMs) => new(step.Provider, Outcomes.Success, null, null, latencyMs, step.Why);

    public static Attempt Cancelled(RouteStep step, string why, double latencyMs) =>
        new(step.Provider, Outcomes.Cancelled, why, null, latencyMs, step.Why);

    public static Attempt Skipped(RouteStep step, Skip skip) => new(step.Provider, Outcomes.Skipped, skip.Reason, skip.Class, 0, step.Why);

    public static Attempt PassedOver(RouteStep step) => new(step.Provider, Outcomes.PassedOver, null, null, 0, step.Why);

    public static Attempt Failed(RouteStep step, ProviderFault fault, double latencyMs) =>
        new(step.Provider, Outcomes.Failed, fault.Message, fault.Kind.Wire(), latencyMs, step.Why) { Gist = fault.Gist };
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

    /// <summary>A stream that had begun, and then had no end.</summary>
    public bool BrokeOff { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>Given before to the same question, and now again.</summary>
    public bool Cached { get; init; }

    /// <summary>Of an outcome that is <c>rejected</c>.</summary>
    public Rejection? Rejection { get; init; }

    /// <summary>As nobody has foreseen: who was asked by then, and at what cost, is not known.</summary>
    public static CallOutcome Broken(IReadOnlyList<string> order) =>
        new() { Outcome = Outcomes.Failed, Attempts = [], Order = order, LatencyMs = 0, OverheadMs = 0 };

    public static CallOutcome Rejected(Rejection rejection, IReadOnlyList<string> order) =>
        new() { Outcome = Outcomes.Rejected, Rejection = rejection, Attempts = [], Order = order, LatencyMs = 0, OverheadMs = 0 };

    /// <summary>By rule of thumb, since nobody else could: the next one may be answered better.</summary>
    public bool IsMakeshift { get; init; }

    /// <summary>Without those who never had a part in it: what is kept of a call, and told of it.</summary>
    public IReadOnlyList<Attempt> Tried => field ??= [.. Attempts.Where(a => a.Outcome != Outcomes.PassedOver && a.ErrorClass is not (Skip.Unsupported or Skip.Unconfigured))];

    /// <summary>The same for those who must not read what was asked.</summary>
    public IReadOnlyList<Attempt> Told => field ??= Tried.Any(a => a.Gist is not null) ? [.. Tried.Select(a => a.Discreet())] : Tried;

    /// <summary>Whether somebody before the one who answered was meant to, and could not, or took too long.</summary>
    public bool FellBack => Tried is [not { Outcome: Outcomes.Success }, ..];
}
