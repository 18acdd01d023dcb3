using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.AutoHeal.History;

/// <summary>What was healed, and how well that went.</summary>
internal static class HistoryApi
{
    private const int MostEntries = 50;

    public static void MapHistory(this IEndpointRouteBuilder app)
    {
        var history = app.MapGroup("/autoheal").WithTags("history").RequireAuthorization(Policies.ReadHeals);
        history.MapGet("/history", HistoryAsync).WithName("GetHealHistory").WithSummary("The last heals, newest first.");
        history.MapGet("/stats", StatsAsync).WithName("GetHealStats").WithSummary("Heals in figures.");
    }

    private static async Task<Results<Ok<HealHistory>, ProblemHttpResult>> HistoryAsync(
        HealLedger ledger, CancellationToken cancellationToken, int limit = 10)
    {
        if (limit is < 1 or > MostEntries)
            return Problems.Validation([new FieldError("limit", $"must be 1 to {MostEntries}.")]);
        var (heals, total) = await ledger.ReadAsync(
            (store, time) => store.NewestAsync(limit, time),
            journal => ([.. journal.Take(limit)], journal.Count),
            cancellationToken);
        return TypedResults.Ok(new HealHistory([.. heals.Select(HealEntry.Of)], total, limit));
    }

    private static async Task<Ok<HealStats>> StatsAsync(HealLedger ledger, CancellationToken cancellationToken) =>
        TypedResults.Ok(HealStats.Of(await ledger.ReadAsync(
            (store, time) => store.CountAsync(time),
            journal => [.. journal.GroupBy(heal => (heal.Target, heal.Success))
                .Select(group => new Storage.HealCount(group.Key.Target, group.Key.Success, group.Count()))],
            cancellationToken)));
}

/// <summary>One heal, as the history shows it.</summary>
/// <param name="Service">The target.</param>
/// <param name="Action">start or restart.</param>
/// <param name="Success">The target became healthy.</param>
/// <param name="Msg">How it went.</param>
/// <param name="Reason">Why it was done.</param>
/// <param name="Timestamp">When it began, in seconds since 1970.</param>
/// <param name="DurationMs">How long it took, with the verification.</param>
/// <param name="Verified">It was seen healthy afterwards.</param>
/// <param name="RequestedBy">The person who asked for it, if one did.</param>
/// <param name="Forced">That person overrode the governor.</param>
/// <param name="TraceId">The trace it belongs to, where there is one.</param>
internal sealed record HealEntry(
    string Service, string Action, bool Success, string Msg, string Reason, long Timestamp, double DurationMs, bool Verified,
    string? RequestedBy, bool Forced, string? TraceId)
{
    public static HealEntry Of(Heal heal) => new(
        heal.Target, heal.Action, heal.Success, heal.Message, heal.Reason, heal.StartedAt.ToUnixTimeSeconds(), heal.DurationMs,
        heal.Verified, heal.RequestedBy, heal.Forced, heal.TraceId);
}

internal sealed record HealHistory(IReadOnlyList<HealEntry> History, int TotalInHistory, int Limit);

/// <param name="TotalAttempts">All heals that have ended.</param>
/// <param name="Successful">Those whose target became healthy.</param>
/// <param name="Failed">The others.</param>
/// <param name="SuccessRate">Successful of all, 0 to 100; 0 while there are none.</param>
/// <param name="Services">Attempts by target.</param>
/// <param name="MostHealed">The target with the most attempts.</param>
internal sealed record HealStats(
    int TotalAttempts, int Successful, int Failed, double SuccessRate, IReadOnlyDictionary<string, int> Services, string? MostHealed)
{
    public static HealStats Of(IReadOnlyList<Storage.HealCount> counts)
    {
        var total = counts.Sum(count => count.Count);
        var successful = counts.Where(count => count.Success).Sum(count => count.Count);
        var services = counts.GroupBy(count => count.Target, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(count => count.Count), StringComparer.Ordinal);
        return new HealStats(
            total, successful, total - successful, total == 0 ? 0 : Math.Round(100.0 * successful / total, 2), services,
            services.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).FirstOrDefault().Key);
    }
}
