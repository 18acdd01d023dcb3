using System.ComponentModel.DataAnnotations.Schema;
using System.Text.Json;

namespace AetherLink.CommandCenter.Alerts.Silencing;

/// <summary>Mutes alerts for a time: they are raised and recorded, and nobody is notified. A row, kept after its end.</summary>
internal sealed record Silence
{
    public required Guid SilenceId { get; init; }

    /// <summary>The order of their making.</summary>
    public long Seq { get; init; }

    /// <summary>Null for the alerts of all tenants.</summary>
    public string? TenantId { get; init; }

    public required string MatchersJson { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Ends with the last of the alerts that it mutes, if that is earlier.</summary>
    public required bool UntilResolved { get; init; }

    public required string Reason { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who ended it before its time.</summary>
    public string? EndedBy { get; init; }

    /// <summary>Whether its end has been announced.</summary>
    public bool Announced { get; init; }

    [NotMapped]
    public IReadOnlyList<Matcher> Matchers => field ??= JsonSerializer.Deserialize(MatchersJson, AlertsJson.Wire.IReadOnlyListMatcher)!;

    public bool IsInForce(DateTimeOffset now) => StartsAt <= now && now < EndsAt;

    public string StateAt(DateTimeOffset now) => now >= EndsAt ? "ended" : now < StartsAt ? "pending" : "active";
}
