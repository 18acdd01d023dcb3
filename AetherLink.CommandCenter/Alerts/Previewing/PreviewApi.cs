using AetherLink.CommandCenter.Alerts.Evaluating;
using AetherLink.CommandCenter.Alerts.Ruling;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace AetherLink.CommandCenter.Alerts.Previewing;

internal static class PreviewApi
{
    private const int DefaultHours = 24;

    /// <summary>A question that takes longer must be narrowed: it would hold up the others.</summary>
    private const int PatienceSeconds = 10;

    public static void MapPreviewing(this RouteGroupBuilder alerts) =>
        alerts.MapPost("/rules/preview", PreviewAsync).WithName("PreviewAlertRule")
            .WithSummary("When a rule would have fired in the last hours. Nothing is stored.")
            .Accepts<PreviewBody>("application/json").ProducesProblem(503);

    private static async Task<Results<Ok<PreviewAnswer>, ProblemHttpResult>> PreviewAsync(
        JsonBody body, Caller caller, NpgsqlDataSource source, IEventLog log, SchemaRegistry schemas, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (rule, errors) = RuleReader.Read(body.Root, caller.Name, now, (await schemas.RefreshAsync(cancellationToken)).Knows);
        var fields = new BodyReader(body.Root);
        var hours = fields.Whole("hours", 1, AlertLimits.PreviewHours) ?? DefaultHours;
        if (rule is null || fields.Errors.Count > 0)
        {
            return Problems.Validation([.. errors, .. fields.Errors]);
        }
        if (!caller.TryNarrow(rule.TenantId, out var tenant))
        {
            return QueryApi.ForeignTenant();
        }
        rule = rule with { TenantId = tenant };
        var path = Grouping.Parse(rule.GroupBy)?.Path;
        var since = now.UtcDateTime.AddHours(-hours).AddSeconds(-rule.WindowSeconds);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var head = await log.HeadAsync(cancellationToken);
            var events = OccurrenceReader.SpanAsync(
                connection, new([rule], path is null ? [] : [path]), head, since, PatienceSeconds, cancellationToken);
            return TypedResults.Ok(await Preview.RunAsync(rule, hours, now, events, cancellationToken));
        }
        catch (NpgsqlException slow) when (slow.InnerException is TimeoutException)
        {
            return Problems.Unavailable("The preview takes too long: ask for fewer hours, or name an event_type.", TimeSpan.FromSeconds(10));
        }
    }
}
