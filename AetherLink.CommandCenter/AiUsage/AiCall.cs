using System.Text.Json;
using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>One AI call, as the Orchestrator's audit tells it.</summary>
internal sealed record AiCall
{
    public required string CallId { get; init; }

    public string TenantId { get; init; } = "default";

    public required string Intent { get; init; }

    /// <summary>Of the intent's prompt.</summary>
    public int? PromptVersion { get; init; }

    /// <summary>success, failed or rejected.</summary>
    public required string Outcome { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    /// <summary>The chain that was tried, in order.</summary>
    public IReadOnlyList<AiAttempt> Attempts { get; init; } = [];

    public double LatencyMs { get; init; }

    public double OverheadMs { get; init; }

    public AiTokens Usage { get; init; } = new(0, 0, 0);

    /// <summary>Who asked.</summary>
    public JsonElement? Caller { get; init; }

    /// <summary>Text, or an object with a name.</summary>
    /// <exception cref="InvalidOperationException">It is not valid Unicode.</exception>
    public string? CallerName => Caller switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Object } caller when caller.TryGetProperty("name", out var name) => name.ToString(),
        _ => null,
    };

    public string? TraceId { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Another than the first that was tried gave the answer.</summary>
    public bool FellBack => Outcome == Success && Provider is not null && Attempts.Count > 0 && Attempts[0].Provider != Provider;

    public const string Success = "success";
    public const string Failed = "failed";
}

internal sealed record AiAttempt(string? Provider, string? Outcome, string? Error, double LatencyMs)
{
    /// <summary>What the Orchestrator took the failure for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorClass { get; init; }

    /// <summary>What it took of the call's although it gave no answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AiTokens? Usage { get; init; }
}

internal sealed record AiTokens(long InputTokens, long OutputTokens, decimal CostUsd);
