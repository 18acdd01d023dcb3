using System.Net;
using System.Text.Json;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>What AutoHeal did, asked of AutoHeal.</summary>
internal static class HealingApi
{
    public const string AutoHeal = "auto-heal";

    /// <summary>As many as AutoHeal gives at once.</summary>
    private const int MostAttempts = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapHealing(this RouteGroupBuilder ops) =>
        ops.MapGet("/autoheal", GetAsync).RequireAuthorization(Policies.ViewOps)
            .WithName("Healing").WithSummary("AutoHeal's recent attempts and statistics.")
            .ProducesProblem(502).ProducesProblem(503);

    private static async Task<Results<Ok<HealingOverview>, ProblemHttpResult>> GetAsync(
        int? limit, IHttpClientFactory clients, ILogger<Catalogue> logger, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var count = check.Range("limit", limit ?? MostAttempts, MostAttempts);
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient(AutoHeal);
            var history = client.GetFromJsonAsync<JsonElement>($"autoheal/history?limit={count:D}", patience.Token);
            var stats = client.GetFromJsonAsync<JsonElement>("autoheal/stats", patience.Token);
            await Task.WhenAll(history, stats);
            return TypedResults.Ok(new HealingOverview(
                "ok", (await history).GetProperty("total_in_history").GetInt32(), (await history).GetProperty("history"), await stats));
        }
        catch (HttpRequestException answered) when (answered.StatusCode is { } status and not HttpStatusCode.ServiceUnavailable)
        {
            Log.AutoHealAnsweredBadly(logger, answered.Message);
            return TypedResults.Problem($"AutoHeal answered {(int)status}.", statusCode: 502);
        }
        catch (Exception garbled) when (garbled is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            Log.AutoHealAnsweredBadly(logger, garbled.Message);
            return TypedResults.Problem("AutoHeal's answer is not what was agreed on.", statusCode: 502);
        }
        catch (Exception away) when (!cancellationToken.IsCancellationRequested)
        {
            // Refused, timed out, or given up by the client's own breaker: it was not reached.
            Log.AutoHealIsAway(logger, away.Message);
            return Problems.Unavailable("AutoHeal does not answer.", TimeSpan.FromSeconds(5));
        }
    }
}
