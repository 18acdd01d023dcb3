using System.Text.Json.Nodes;
using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Watching;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.AutoHeal.Control;

/// <summary>A restart by hand: the same way as the healer's own, through the governor.</summary>
internal static class RestartApi
{
    /// <summary>A sentence; it goes into the history, the events and Grafana.</summary>
    private const int LongestReason = 500;

    /// <summary>The spool empties as soon as the broker is there again.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    public static void MapRestart(this IEndpointRouteBuilder app) =>
        app.MapPost("/autoheal/{target}/restart", RestartAsync)
            .WithName("RestartTarget")
            .WithSummary("Restarts a target, if the governor allows it; force overrides it, and is on record.")
            .WithTags("control")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Policies.Configure);

    private static async Task<Results<Accepted<RestartAccepted>, Ok<RestartForecast>, ProblemHttpResult>> RestartAsync(
        string target, RestartRequest body, Caller caller, HttpContext context, WatchList list, Healer healer, OperatorChanges audit,
        HealClock clock, IHostApplicationLifetime lifetime, ILogger<Healer> logger)
    {
        if (caller.TenantId is not null)
            return Problems.Forbidden("services are everybody's, and the caller is of one tenant.");
        var reason = body.Reason?.Trim() ?? "";
        // Control characters among them: one that Postgres does not hold would keep the whole journal from being stored.
        if (reason.Length is 0 or > LongestReason || reason.Any(char.IsControl))
            return Problems.Validation([new FieldError("reason", $"is required: why, in one line of at most {LongestReason} characters.")]);
        if (list.Find(target) is not { } known)
            return Problems.NotFound($"'{target}' is not enrolled: only what AUTOHEAL_SERVICES or a container's label names can be restarted.");
        var request = new Request { ByPerson = true, Force = body.Force };
        if (body.DryRun)
        {
            var foreseen = healer.Foresee(known, request);
            return TypedResults.Ok(new RestartForecast("dry_run", target, foreseen.Ruling == Ruling.Restart, foreseen.Bar, foreseen.Why is "" ? "Nothing stands in the way." : foreseen.Why));
        }

        if (known.WhyNot is { } why)
            return Problems.Conflict($"'{target}' cannot be restarted from here: {why}");
        // Written down before anything is done, and not at all when the governor refuses.
        bool Record(Heal heal) => audit.TryRecord(OperatorChange.By(
            context, clock.Shared, "target.restarted", target,
            after: new JsonObject { ["action"] = heal.Action, ["reason"] = reason, ["forced"] = heal.Forced, ["heal_id"] = heal.Id.ToString() }));
        var (verdict, heal) = await healer.RequestAsync(known, request, new(caller.Name, reason, Record), lifetime.ApplicationStopping);
        if (verdict.Bar == Bars.NotOnRecord)
        {
            Log.RestartNotOnRecord(logger, target, caller.Name);
            return Problems.Unavailable("The operator audit takes nothing at the moment, and nothing is restarted off the record.", RetryAfter);
        }

        return heal is null
            ? Problems.Conflict($"'{target}' is not restarted ({verdict.Bar}): {verdict.Why}")
            : TypedResults.Accepted("/autoheal/history", new RestartAccepted("accepted", target, heal.Action, heal.Id));
    }
}

/// <param name="Reason">Why: for the history.</param>
/// <param name="Force">Overrides every limit but a heal that is under way.</param>
/// <param name="DryRun">Only says what would happen.</param>
internal sealed record RestartRequest(string? Reason, bool Force = false, bool DryRun = false);

/// <param name="Status">dry_run: nothing was done.</param>
/// <param name="Target">The target.</param>
/// <param name="WouldRestart">Whether the governor would have allowed it.</param>
/// <param name="Bar">The limit that stands in the way, in a word.</param>
/// <param name="Why">The same for a person.</param>
internal sealed record RestartForecast(string Status, string Target, bool WouldRestart, string? Bar, string Why);

internal sealed record RestartAccepted(string Status, string Target, string Action, Guid HealId);
