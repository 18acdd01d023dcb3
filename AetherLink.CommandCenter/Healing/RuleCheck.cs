using System.ComponentModel;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Events;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Healing;

/// <summary>The body that makes or changes a rule.</summary>
internal sealed record HealingRuleBody
{
    public string? Name { get; init; }

    [Description("A pattern of the endpoint's URL, with * for any text, or its id; *, if absent.")]
    public string? MatchEndpoint { get; init; }

    [Description("rate_limited, transient_endpoint_down, permanent_4xx or unknown; anything, if absent.")]
    public string? MatchTriage { get; init; }

    [Description("replay, cool_down or disable.")]
    public string? Action { get; init; }

    [Description("300, if absent.")]
    public int? CooldownSeconds { get; init; }

    [Description("100, if absent.")]
    public int? MaxReplays { get; init; }

    [Description("3600, if absent.")]
    public int? WindowSeconds { get; init; }

    public bool? Enabled { get; init; }

    [Description("Whose endpoints; the caller's tenant, if absent, and everybody's, if the caller has none.")]
    public string? TenantId { get; init; }
}

/// <summary>Reads a rule, and names all that is wrong with it at once.</summary>
internal static class RuleCheck
{
    private const int LongestName = 128;
    private const int LongestPattern = 2_048;
    private const int MostReplays = 10_000;
    private const int DaySeconds = 86_400;
    private const int MonthSeconds = 30 * DaySeconds;

    public static (HealingRule? Rule, IReadOnlyList<FieldError> Errors) Read(HealingRuleBody body, Guid id, string actor, DateTimeOffset now)
    {
        var errors = new List<FieldError>();
        if (body.Name is not { Length: > 0 and <= LongestName } || body.Name.Any(char.IsControl))
        {
            errors.Add(new("name", body.Name is null ? "is required" : $"must be 1 to {LongestName} characters, without control characters"));
        }
        if (body.MatchEndpoint is { } pattern && (pattern.Length is 0 or > LongestPattern || pattern.Any(char.IsControl)))
        {
            errors.Add(new("match_endpoint", $"must be 1 to {LongestPattern} characters, without control characters"));
        }
        TriageLabel? triage = null;
        if (body.MatchTriage is { } label)
        {
            if (Triage.TryParse(label, out var parsed))
            {
                triage = parsed;
            }
            else
            {
                errors.Add(new("match_triage", $"must be {Triage.Listed}"));
            }
        }
        var action = Action(body.Action, errors);
        if (action is HealingAction.Replay && triage is { } only && !Triage.IsSafeToReplay(only))
        {
            errors.Add(new("match_triage", "a replay is safe after rate_limited and transient_endpoint_down only"));
        }
        var cooldown = Number(errors, "cooldown_seconds", body.CooldownSeconds ?? 300, 1, DaySeconds);
        var replays = Number(errors, "max_replays", body.MaxReplays ?? 100, 1, MostReplays);
        var window = Number(errors, "window_seconds", body.WindowSeconds ?? 3_600, 1, MonthSeconds);
        if (body.TenantId is { } tenant && (tenant.Length is 0 or > EventLimits.TenantLength || tenant.Any(char.IsControl)))
        {
            errors.Add(new("tenant_id", $"must be 1 to {EventLimits.TenantLength} characters, without control characters"));
        }
        return errors.Count > 0
            ? (null, errors)
            : (new(id, body.Name!, body.TenantId, body.MatchEndpoint ?? "*", triage, action, cooldown, replays, window, body.Enabled ?? true, actor, now, now), []);
    }

    private static HealingAction Action(string? text, List<FieldError> errors)
    {
        HealingAction? action = text switch
        {
            "replay" => HealingAction.Replay,
            "cool_down" => HealingAction.CoolDown,
            "disable" => HealingAction.Disable,
            _ => null,
        };
        if (action is null)
        {
            errors.Add(new("action", text is null ? "is required" : "must be replay, cool_down or disable"));
        }
        return action ?? default;
    }

    private static int Number(List<FieldError> errors, string field, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            errors.Add(new(field, $"must be {least} to {most}"));
        }
        return value;
    }
}
