using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Alerts.Silencing;

/// <summary>A silence; its state is pending, active or ended.</summary>
internal sealed record SilenceView(
    Guid SilenceId, string State, string? TenantId, IReadOnlyList<Matcher> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    bool UntilResolved, string Reason, string Author, DateTimeOffset CreatedAt, string? EndedBy)
{
    public static SilenceView Of(Silence silence, DateTimeOffset now) => new(
        silence.SilenceId, silence.StateAt(now), silence.TenantId, silence.Matchers, silence.StartsAt, silence.EndsAt,
        silence.UntilResolved, silence.Reason, silence.Author, silence.CreatedAt, silence.EndedBy);
}

internal sealed record SilenceAnswer(string Status, Guid SilenceId, SilenceView Silence);

internal sealed record SilencePage(string Status, int Count, string? NextCursor, IReadOnlyList<SilenceView> Silences);

/// <summary>A silence, and what it muted, newest first.</summary>
internal sealed record SilenceRecord(string Status, SilenceView Silence, int Count, string? NextCursor, IReadOnlyList<MutedAlert> Muted);

internal static class SilencesApi
{
    private static readonly string[] States = ["pending", "active", "ended"];

    public static void MapSilencing(this RouteGroupBuilder alerts)
    {
        var silences = alerts.MapGroup("/silences");
        silences.MapPost("", CreateAsync).WithName("CreateSilence").WithSummary("Mutes alerts for a time, those that are active too.")
            .Accepts<SilenceBody>("application/json").ProducesProblem(409);
        silences.MapGet("", ListAsync).WithName("Silences").WithSummary("The silences, newest first, the ended ones too.");
        silences.MapGet("/{id}", GetAsync).WithName("Silence").WithSummary("One silence, with the alerts that it muted.")
            .ProducesProblem(404);
        silences.MapDelete("/{id}", EndAsync).WithName("EndSilence").WithSummary("Ends a silence now; its record stays.")
            .ProducesProblem(404);
    }

    private static async Task<Results<Ok<SilenceAnswer>, ProblemHttpResult>> CreateAsync(
        JsonBody body, Caller caller, SilenceStore store, CancellationToken cancellationToken)
    {
        var (silence, errors) = SilenceReader.Read(body.Root, caller.Name, await store.NowAsync(cancellationToken));
        if (silence is null)
        {
            return Problems.Validation(errors);
        }
        if (!caller.TryNarrow(silence.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        silence = silence with { TenantId = tenant };
        return await store.AddAsync(silence, cancellationToken)
            ? Answer(silence, silence.CreatedAt)
            : Problems.Conflict($"There are {AlertLimits.SilencesOfATenant} silences that have not ended, which is the most.");
    }

    private static async Task<Results<Ok<SilencePage>, ProblemHttpResult>> ListAsync(
        string? state, [FromQuery(Name = "tenant_id")] string? tenantId, int? limit, string? cursor, Caller caller, SilenceStore store,
        CancellationToken cancellationToken)
    {
        var check = new AlertsCheck();
        var (most, before, asked) = (check.Limit(limit), check.Before(cursor), check.Text("tenant_id", tenantId));
        var states = check.Words("state", state, States);
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        if (!caller.TryNarrow(asked, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        var now = await store.NowAsync(cancellationToken);
        var silences = await store.ListAsync(tenant, states, now, before, most + 1, cancellationToken);
        var page = silences.Take(most).ToList();
        return TypedResults.Ok(new SilencePage(
            "ok", page.Count, silences.Count > most ? new Cursor(page[^1].Seq).ToString() : null,
            [.. page.Select(silence => SilenceView.Of(silence, now))]));
    }

    private static async Task<Results<Ok<SilenceRecord>, ProblemHttpResult>> GetAsync(
        string id, int? limit, string? cursor, Caller caller, SilenceStore store, CancellationToken cancellationToken)
    {
        var check = new AlertsCheck();
        var (most, before) = (check.Limit(limit), check.Before(cursor));
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        if (!Guid.TryParse(id, out var silenceId)
            || await store.FindConcerningAsync(silenceId, caller.TenantId, cancellationToken) is not { } silence)
        {
            return NotFound(id);
        }
        var muted = await store.MutedAsync(silenceId, caller.TenantId, before, most + 1, cancellationToken);
        return TypedResults.Ok(new SilenceRecord(
            "ok", SilenceView.Of(silence, await store.NowAsync(cancellationToken)), Math.Min(muted.Count, most),
            muted.Count > most ? new Cursor(muted[most - 1].Sequence).ToString() : null,
            [.. muted.Take(most).Select(row => row.Alert)]));
    }

    private static async Task<Results<Ok<SilenceAnswer>, ProblemHttpResult>> EndAsync(
        string id, Caller caller, SilenceStore store, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(id, out var silenceId))
        {
            await store.EndAsync(silenceId, caller.TenantId, caller.Name, cancellationToken);
            if (await store.FindAsync(silenceId, caller.TenantId, cancellationToken) is { } silence)
            {
                return Answer(silence, await store.NowAsync(cancellationToken));
            }
        }
        return NotFound(id);
    }

    private static Ok<SilenceAnswer> Answer(Silence silence, DateTimeOffset now) =>
        TypedResults.Ok(new SilenceAnswer("ok", silence.SilenceId, SilenceView.Of(silence, now)));

    private static ProblemHttpResult NotFound(string id) => Problems.NotFound($"Silence '{id}' not found");
}
