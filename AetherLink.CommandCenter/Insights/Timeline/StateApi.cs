using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Insights.Timeline;

internal static class StateApi
{
    /// <summary>Retention may be longer; nobody scrubs back further.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    public static void MapState(this WebApplication app) =>
        app.MapGet("/ops/state", StateAsync).WithTags("mesh").RequireAuthorization(Policies.ViewOps).ProducesProblem(503)
            .WithName("MeshState").WithSummary("Services, alerts and heals as they stood at a minute: at its end, or now, if it is not over.");

    private static async Task<Results<Ok<MeshState>, ProblemHttpResult>> StateAsync(
        DateTimeOffset? at, [FromQuery(Name = "tenant_id")] string? tenantId, Caller caller, StateReader reader, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (now, asked) = (clock.GetUtcNow(), check.Text("tenant_id", tenantId));
        List<FieldError> errors = [.. check.Errors];
        // Clocks differ by seconds: who asks for this minute means now.
        if (at is { } time && (time > now.AddMinutes(1) || time < now - Furthest))
        {
            errors.Add(new("at", "must be a time of the last 366 days"));
        }
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }
        if (!caller.TryNarrow(asked, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        var moment = (at ?? now).ToUniversalTime();
        var end = new DateTimeOffset(moment.Ticks - (moment.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero).AddMinutes(1);
        return TypedResults.Ok(await reader.ReadAsync(end < now ? end : now, tenant, cancellationToken));
    }
}
