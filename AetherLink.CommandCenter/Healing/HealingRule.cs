using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Deliveries;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;

namespace AetherLink.CommandCenter.Healing;

/// <summary>What a rule does. The numbers are stored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealingAction>))]
internal enum HealingAction : short
{
    /// <summary>Sends again what was given up, once the endpoint answers.</summary>
    [JsonStringEnumMemberName("replay")]
    Replay = 0,

    /// <summary>Leaves the endpoint alone for a time.</summary>
    [JsonStringEnumMemberName("cool_down")]
    CoolDown = 1,

    /// <summary>Switches the endpoint off, when it has failed for the whole window.</summary>
    [JsonStringEnumMemberName("disable")]
    Disable = 2,
}

/// <summary>A rule that heals deliveries.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Name">What it is called.</param>
/// <param name="TenantId">Whose endpoints it acts on; null for everybody's.</param>
/// <param name="MatchEndpoint">A pattern of the endpoint's URL, or its id.</param>
/// <param name="MatchTriage">What the failures must be taken for; null for anything.</param>
/// <param name="Action">What it does.</param>
/// <param name="CooldownSeconds">How long an endpoint is left alone; for other actions, the least time between two.</param>
/// <param name="MaxReplays">At most so many replays of an endpoint's deliveries within the window.</param>
/// <param name="WindowSeconds">How far back it looks.</param>
/// <param name="Enabled">Whether it acts.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed.</param>
internal sealed record HealingRule(
    Guid Id, string Name, string? TenantId, string MatchEndpoint, TriageLabel? MatchTriage, HealingAction Action, int CooldownSeconds,
    int MaxReplays, int WindowSeconds, bool Enabled, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>As it is shown and audited: what of the pattern is a path may be a credential.</summary>
    public HealingRule Masked() => this with { MatchEndpoint = EndpointPattern.Masked(MatchEndpoint) };

    /// <summary>A pattern that comes back as it was shown is the one that there is: taken at its word it would match more.</summary>
    public HealingRule InPlaceOf(HealingRule before) =>
        MatchEndpoint == before.Masked().MatchEndpoint ? this with { MatchEndpoint = before.MatchEndpoint } : this;
}

/// <summary>What a rule has done to an endpoint.</summary>
internal sealed record HealingMemory(DateTimeOffset ActedAt, DateTimeOffset WindowStart, int Replays);

/// <summary>What a rule is to do to an endpoint now.</summary>
internal abstract record HealingStep
{
    internal sealed record CoolDown(DateTimeOffset Until) : HealingStep;

    internal sealed record Disable : HealingStep;

    /// <summary>Deliveries that were given up since, of these labels, and no more than there is room for.</summary>
    internal sealed record Replay(DateTimeOffset Since, IReadOnlyList<TriageLabel> Labels, int Most, HealingMemory Before) : HealingStep;
}

/// <summary>Decides what a rule does to an endpoint, from what is known of both. Pure.</summary>
internal static class HealingDecision
{
    private static readonly TriageLabel[] Safe = [.. Enum.GetValues<TriageLabel>().Where(Triage.IsSafeToReplay)];

    public static HealingStep? Decide(HealingRule rule, WebhookEndpoint endpoint, HealingMemory? memory, DateTimeOffset now)
    {
        if (!rule.Enabled || !endpoint.Enabled || !Matches(rule, endpoint))
        {
            return null;
        }
        var (window, cooldown) = (TimeSpan.FromSeconds(rule.WindowSeconds), TimeSpan.FromSeconds(rule.CooldownSeconds));
        return rule.Action switch
        {
            HealingAction.CoolDown when FailedAsMatched(rule, endpoint) && endpoint.LastFailureAt is { } failed
                && now - failed <= window && !(memory?.ActedAt >= failed) && !(endpoint.Health.CooldownUntil >= now + cooldown)
                => new HealingStep.CoolDown(now + cooldown),
            HealingAction.Disable when FailedAsMatched(rule, endpoint) && endpoint.Health.FailingSince is { } since
                && endpoint.LastFailureAt - since >= window
                => new HealingStep.Disable(),
            HealingAction.Replay when Answers(endpoint) && !(memory?.ActedAt + cooldown > now) => Replay(rule, memory, now, window),
            _ => null,
        };
    }

    private static HealingStep.Replay? Replay(HealingRule rule, HealingMemory? memory, DateTimeOffset now, TimeSpan window)
    {
        var before = memory is null || now - memory.WindowStart >= window ? new HealingMemory(now, now, 0) : memory;
        var labels = Safe.Where(label => rule.MatchTriage is null || rule.MatchTriage == label).ToArray();
        return before.Replays < rule.MaxReplays && labels.Length > 0
            ? new(now - window, labels, rule.MaxReplays - before.Replays, before)
            : null;
    }

    private static bool Matches(HealingRule rule, WebhookEndpoint endpoint) =>
        (rule.TenantId is null || rule.TenantId == endpoint.TenantId)
        && (Glob.Matches(rule.MatchEndpoint, endpoint.Url.Reveal()) || Glob.Matches(rule.MatchEndpoint, endpoint.Url.Masked)
            || rule.MatchEndpoint == endpoint.Id.ToString());

    private static bool FailedAsMatched(HealingRule rule, WebhookEndpoint endpoint) =>
        endpoint.Health.Failures > 0 && (rule.MatchTriage is null || rule.MatchTriage == endpoint.LastTriage);

    /// <summary>Its last attempt was a success.</summary>
    private static bool Answers(WebhookEndpoint endpoint) =>
        endpoint.Health.Failures == 0 && endpoint.LastSuccessAt is { } success && !(endpoint.LastFailureAt > success);
}
