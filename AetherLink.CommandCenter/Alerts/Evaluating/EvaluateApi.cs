using AetherLink.CommandCenter.Alerts.Listing;
using AetherLink.CommandCenter.Alerts.Ruling;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

internal static class EvaluateApi
{
    private const int MostAlerts = 100;

    /// <summary>A takeover takes up to five seconds, and what was left behind is evaluated after it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(20);

    public static void MapEvaluating(this RouteGroupBuilder alerts) =>
        alerts.MapPost("/evaluate", EvaluateAsync).WithName("EvaluateAlerts")
            .WithSummary("Waits until everything that was committed has been evaluated, and says what is active then.")
            .ProducesProblem(503);

    private static async Task<Results<Ok<Evaluation>, ProblemHttpResult>> EvaluateAsync(
        Caller caller, RuleStore rules, AlertStore alerts, NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellationToken)
    {
        var revision = await rules.AskAsync(cancellationToken);
        if (!await IsEvaluatedAsync(revision, source, clock, cancellationToken))
        {
            return Problems.Unavailable("The rules have not been evaluated in time; another replica may be taking over.", TimeSpan.FromSeconds(5));
        }
        var active = AlertFilter.Active(caller.TenantId);
        var newest = await alerts.ListAsync(active, long.MaxValue, MostAlerts, cancellationToken);
        return TypedResults.Ok(new Evaluation(
            "ok",
            await rules.CountEnabledAsync(caller.TenantId, cancellationToken),
            newest.Count < MostAlerts ? newest.Count : await alerts.CountAsync(active, cancellationToken),
            [.. newest.Select(row => row.Alert)]));
    }

    // By the tables, since another replica may be the one that evaluates.
    private static async Task<bool> IsEvaluatedAsync(
        long revision, NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var where = new NpgsqlCommand("select last_seq from command_center.feed_head", connection);
        var head = (long)(await where.ExecuteScalarAsync(cancellationToken))!;
        await using var ask = new NpgsqlCommand(
            $"""
            select p.revision >= $1 and f.seq >= $2
            from command_center.alert_progress p, command_center.followers f where f.name = '{AlertFollower.FollowerName}'
            """, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = revision }, new NpgsqlParameter<long> { TypedValue = head } },
        };
        for (var started = clock.GetTimestamp(); clock.GetElapsedTime(started) < Patience;)
        {
            if (await ask.ExecuteScalarAsync(cancellationToken) is true)
            {
                return true;
            }
            await Task.Delay(AskAgain, clock, cancellationToken);
        }
        return false;
    }
}
