using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Watching;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.AutoHeal.Maintenance;

/// <summary>Telling the healer to keep its hands off for a while.</summary>
internal static class MaintenanceApi
{
    private const int LongestReason = 500;

    /// <summary>The target of a window over all targets, in the audit.</summary>
    private const string Everything = "(all)";

    /// <summary>Longer is not maintenance: it is a service that nobody heals, and nobody remembers why.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>What is opened must survive the healer, so it waits for Postgres.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static void MapMaintenance(this IEndpointRouteBuilder app)
    {
        var windows = app.MapGroup("/autoheal/maintenance").WithTags("maintenance").RequireAuthorization(Policies.Configure);
        windows.MapGet("", (MaintenanceWindows open) => TypedResults.Ok(new MaintenanceList(open.Open)))
            .WithName("GetMaintenance").WithSummary("The windows that are open or to come.");
        windows.MapPost("", OpenAsync).WithName("OpenMaintenance").WithSummary("Keeps the healer off one target, or off all, until a time.");
        windows.MapDelete("", EndAsync).WithName("EndMaintenance").WithSummary("Ends the windows of one target, or those over all.").ProducesProblem(404);
    }

    private static async Task<Results<Created<MaintenanceWindow>, ProblemHttpResult>> OpenAsync(
        MaintenanceRequest body, Caller caller, HttpContext context, MaintenanceWindows windows, WatchList list, HealLedger ledger, HealClock clock,
        CancellationToken cancellationToken)
    {
        if (caller.TenantId is not null)
            return NotTheirs();
        var now = clock.Shared;
        var errors = Errors(body, list, now).ToArray();
        if (errors.Length > 0)
            return Problems.Validation(errors);
        var window = new MaintenanceWindow
        {
            Id = Guid.CreateVersion7(now),
            Target = body.Target,
            StartsAt = now,
            Until = body.Until!.Value.ToUniversalTime(),
            Reason = body.Reason!.Trim(),
            CreatedBy = caller.Name,
            TraceId = Activity.Current?.TraceId.ToString(),
        };
        var change = OperatorChange.By(context, now, "maintenance.opened", window.Target ?? Everything, after: View(window));
        return await ledger.TryForPersonAsync(time => windows.AddAsync(window, change, time), cancellationToken)
            ? TypedResults.Created("/autoheal/maintenance", window)
            : Problems.Unavailable("Postgres is away; the window would not survive the healer.", RetryAfter);
    }

    private static async Task<Results<Ok<MaintenanceEnded>, ProblemHttpResult>> EndAsync(
        HttpContext context, Caller caller, MaintenanceWindows windows, HealLedger ledger, HealClock clock, CancellationToken cancellationToken, string? target = null, bool all = false)
    {
        if (caller.TenantId is not null)
            return NotTheirs();
        if (target is null != all)
            return Problems.Validation([new FieldError("target", "name one target, or set all=true.")]);
        if (target?.Any(char.IsControl) is true)
            return Problems.NotFound("No maintenance window of such a target is open.");
        var ended = 0;
        OperatorChange Change(IReadOnlyList<MaintenanceWindow> windows) => OperatorChange.By(
            context, clock.Shared, "maintenance.ended", target ?? Everything,
            before: new JsonObject { ["windows"] = new JsonArray([.. windows.Select(View)]) });
        if (!await ledger.TryForPersonAsync(async time => ended = await windows.EndAsync(target, Change, time), cancellationToken))
            return Problems.Unavailable("Postgres is away.", RetryAfter);
        return ended == 0
            ? Problems.NotFound($"No maintenance window of {target ?? "all targets"} is open.")
            : TypedResults.Ok(new MaintenanceEnded("ended", ended));
    }

    private static ProblemHttpResult NotTheirs() => Problems.Forbidden("targets are everybody's, and the caller is of one tenant.");

    private static JsonObject View(MaintenanceWindow window) => JsonSerializer.SerializeToNode(window, Json.Wire)!.AsObject();

    private static IEnumerable<FieldError> Errors(MaintenanceRequest body, WatchList list, DateTimeOffset now)
    {
        if (body.Target is null != body.All)
            yield return new FieldError("target", "name one target, or set all to true.");
        else if (body.Target is { } target && list.Find(target) is null)
            yield return new FieldError("target", $"'{target}' is not watched.");
        if (body.Until is not { } until || until <= now || until > now + Longest)
            yield return new FieldError("until", $"is required: a time from now on, at most {Longest.Days} days ahead.");
        if (body.Reason?.Trim() is not { Length: > 0 and <= LongestReason } reason || reason.Any(char.IsControl))
            yield return new FieldError("reason", $"is required: why, in one line of at most {LongestReason} characters.");
    }
}

/// <param name="Until">When it ends by itself.</param>
/// <param name="Reason">Why: for whoever wonders.</param>
/// <param name="Target">The one target it covers.</param>
/// <param name="All">It covers every target.</param>
internal sealed record MaintenanceRequest(DateTimeOffset? Until, string? Reason, string? Target = null, bool All = false);

internal sealed record MaintenanceList(IReadOnlyList<MaintenanceWindow> Windows);

internal sealed record MaintenanceEnded(string Status, int Ended);
