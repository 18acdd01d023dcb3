using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>How AI is used, from the Orchestrator's audit.</summary>
internal static class AiUsageSlice
{
    /// <summary>A month by the hour is as much as one looks at in one answer.</summary>
    private const int MostHours = 24 * 31;

    public static WebApplicationBuilder AddAiUsage(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AiUsageJson.Default));
        builder.Services.AddSingleton<AiCallStore>();
        builder.Services.AddSingleton<UsageReader>();
        builder.Services.AddSingleton<SeriesReader>();
        builder.Services.AddHostedService<AuditIngest>();
        return builder;
    }

    public static void MapAiUsage(this WebApplication app)
    {
        var ai = app.MapGroup("/ops/ai").WithTags("ai").RequireAuthorization(Policies.ViewOps).ProducesProblem(503);
        ai.MapGet("/usage", UsageAsync).WithName("AiUsage").WithSummary("Calls, latency, tokens and cost.")
            .WithDescription($"With group_by ({string.Join(", ", SeriesReader.Groupings)}) also by hour for each of the {SeriesReader.Most} most used, and for all others together.");
        ai.MapGet("/calls", CallsAsync).WithName("AiCalls").WithSummary("Recent calls, with the chain that was tried.")
            .WithDescription(QueryApi.PageOfAWalk);
    }

    private static async Task<Results<Ok<AiUsageReport>, ProblemHttpResult>> UsageAsync(
        int? hours, [FromQuery(Name = "tenant_id")] string? tenantId, [FromQuery(Name = "group_by")] string? groupBy, Caller caller,
        UsageReader reader, SeriesReader series, TimeProvider clock, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var span = check.Range("hours", hours ?? 24, MostHours);
        var asked = check.Text("tenant_id", tenantId);
        var by = check.OneOf("group_by", groupBy, SeriesReader.Groupings);
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        if (!caller.TryNarrow(asked, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        var now = clock.GetUtcNow();
        var report = await reader.ReadAsync(tenant, now, span, cancellationToken);
        return TypedResults.Ok(by is null ? report : report with { Series = await series.ReadAsync(by, tenant, now, span, cancellationToken) });
    }

    private static async Task<Results<Ok<AiCallPage>, ProblemHttpResult>> CallsAsync(
        int? limit, string? cursor, [FromQuery(Name = "tenant_id")] string? tenantId, string? intent, string? provider, string? outcome,
        Caller caller, AiCallStore store, Walk walk, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (page, before) = (check.Limit(limit), check.Before(cursor));
        var (ofIntent, ofProvider, ofOutcome) =
            (check.Text("intent", intent), check.Text("provider", provider), check.Text("outcome", outcome));
        var asked = check.Text("tenant_id", tenantId);
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        if (!caller.TryNarrow(asked, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        var walked = await walk.BackAsync(
            [await store.StretchAsync(before, cancellationToken)], page,
            (slice, most) => store.BackAsync(slice, tenant, ofIntent, ofProvider, ofOutcome, most, cancellationToken), call => call.Sequence);
        return TypedResults.Ok(new AiCallPage(
            "ok", walked.Page.Count, walked.NextBefore is { } next ? new Cursor(next).ToString() : null, walked.Page));
    }
}
