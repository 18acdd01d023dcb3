using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Insights.Causes.Gathering;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Insights.Causes.Judging;

/// <summary>Which time is asked about; the last quarter of an hour where nothing is said.</summary>
internal sealed record CausesQuery
{
    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; init; }

    [FromQuery(Name = "to")]
    public DateTimeOffset? To { get; init; }
}

internal static class CausesApi
{
    private static readonly TimeSpan Usually = TimeSpan.FromMinutes(15);

    /// <summary>Between the clock of who asks and this one.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    public static void MapCauses(this WebApplication app)
    {
        // A graph that cannot be read stops the start, and not the first question.
        _ = app.Services.GetRequiredService<MeshModel>();
        var causes = app.MapGroup("/insights/causes").WithTags("insights").RequireAuthorization(Policies.ViewOps).ProducesProblem(503);
        causes.MapGet("", FindAsync).WithName("ProbableCauses")
            .WithSummary("What probably caused the faults between two times, with the evidence and how it spread; or no_fault_found.");
        causes.MapPost("/{id:guid}/verdict", SayAsync).WithName("JudgeCause")
            .WithSummary("Says of a cause of the same window that it was the right or the wrong one.").ProducesProblem(404);
    }

    private static async Task<Results<Ok<CausesAnswer>, ProblemHttpResult>> FindAsync(
        [AsParameters] CausesQuery query, [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, CauseFinder finder, LiveCauses live,
        Verdicts verdicts, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (errors, check) = (new List<FieldError>(), new QueryCheck());
        var (window, asked) = (Read(query, clock.GetUtcNow(), errors), check.Text("tenant_id", tenantId));
        errors.AddRange(check.Errors);
        return await QueryApi.AnswerAsync(errors, caller, asked, async tenant =>
        {
            var found = query is { From: null, To: null }
                ? await live.FindAsync(window, tenant, cancellationToken)
                : await finder.FindAsync(window, tenant, cancellationToken);
            return new CausesAnswer(
                found.Causes.Count == 0 ? "no_fault_found" : "ok", found.Window.From, found.Window.To, tenant, found.SeriesUpTo, found.Causes.Count,
                await verdicts.WithAsync(found.Causes, cancellationToken), await verdicts.FiguresAsync(tenant, cancellationToken));
        });
    }

    /// <summary>The cause is found again first: what is not there cannot be judged, and what it was is kept with the verdict.</summary>
    private static async Task<Results<Ok<VerdictAnswer>, ProblemHttpResult>> SayAsync(
        Guid id, [AsParameters] CausesQuery query, [FromQuery(Name = "tenant_id")] string? tenantId, VerdictBody body, Caller caller, CauseFinder finder,
        Verdicts verdicts, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (errors, check) = (new List<FieldError>(), new QueryCheck());
        var (window, asked) = (Read(query, clock.GetUtcNow(), errors), check.Text("tenant_id", tenantId));
        // Of what the person is shown: a cause of one tenant's evidence alone is another than the same of all.
        if (!caller.TryNarrow(asked, out var tenant) && check.Errors.Count == 0)
        {
            return QueryApi.ForeignTenant();
        }
        errors.AddRange(check.Errors);
        var verdict = VerdictKinds.Parse(body.Verdict);
        if (verdict is null)
        {
            errors.Add(new("verdict", $"must be {string.Join(" or ", VerdictKinds.All)}"));
        }
        if (Notes.Complaint(body.Note) is { } complaint)
        {
            errors.Add(complaint);
        }
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }
        var found = await finder.FindAsync(window, tenant, cancellationToken);
        return found.Causes.FirstOrDefault(cause => cause.Id == id) is { } judged
            ? TypedResults.Ok(new VerdictAnswer("ok", await verdicts.SayAsync(judged, tenant, verdict!.Value, caller.Name, body.Note, cancellationToken)))
            : Problems.NotFound($"Cause '{id}' not found in this window");
    }

    private static Window Read(CausesQuery query, DateTimeOffset now, List<FieldError> errors)
    {
        var to = query.To?.ToUniversalTime() ?? (query.From is { } begin && begin < now - Usually ? begin.ToUniversalTime() + Usually : now);
        if (to > now + ClockSkew)
        {
            errors.Add(new("to", "must not be in the future"));
        }
        // The smallest time has nothing before it.
        var from = query.From?.ToUniversalTime() ?? (to - DateTimeOffset.UnixEpoch > Usually ? to - Usually : to);
        if (from < DateTimeOffset.UnixEpoch)
        {
            errors.Add(new("from", "must be a time since 1970"));
        }
        else if (to - from < Window.Shortest || to - from > Window.Longest)
        {
            errors.Add(new("from", $"must be {Window.Shortest.TotalSeconds:0} s to {Window.Longest.TotalHours:0} h before to"));
        }
        return new(from, to);
    }
}
