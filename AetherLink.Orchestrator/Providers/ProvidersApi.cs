using AetherLink.Orchestrator.Routing;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.Orchestrator.Providers;

/// <summary>How a provider is, from its own calls.</summary>
internal sealed record ProviderHealth(
    bool Configured,
    bool Healthy,
    CircuitPhase State,
    string? LastError,
    DateTimeOffset? LastChecked,
    long TotalCalls,
    long FailedCalls,
    double? SuccessRate,
    LatencyQuantiles LatencyMs,
    int InFlight)
{
    public static ProviderHealth Of(ChainLink link, DateTimeOffset now)
    {
        var stats = link.Stats.Read();
        var state = link.Circuit.Snapshot().PhaseAt(now);
        return new(
            link.Unconfigured is null,
            link.Unconfigured is null && state == CircuitPhase.Closed && !stats.LastFailed,
            state,
            link.Unconfigured is { } missing ? $"not configured: {missing}" : stats.LastError,
            stats.LastChecked,
            stats.Total,
            stats.Failed,
            stats.Total == 0 ? null : Math.Round(100.0 * (stats.Total - stats.Failed) / stats.Total, 2),
            new(stats.P50, stats.P95),
            stats.InFlight);
    }
}

/// <summary>Over the last 256 calls; null before the first.</summary>
internal sealed record LatencyQuantiles(double? P50, double? P95);

/// <summary>The chain, and who may look at it.</summary>
internal static class ProvidersApi
{
    // A connection that is used is kept, and renewed so that a moved name is noticed.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    public static void AddProviders(this IServiceCollection services)
    {
        services.AddTransient<FaultHandler>();
        services.AddHttpClient(ChainBuilding.ClientName, client =>
            {
                // Each attempt has its own time-out; a client's would end it by another exception.
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = FaultHandler.MaxAnswerBytes;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime, AllowAutoRedirect = false, UseCookies = false })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // No retries below the chain: the next provider is the retry.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
            .AddHttpMessageHandler<FaultHandler>()
            // They would say what the attempt says, at twice the handlers.
            .RemoveAllLoggers();
        services.AddSingleton<CircuitNews>();
        services.AddSingleton<ChainBuilding>();
        services.AddSingleton<ProviderChains>();
        services.AddHostedService<ChainWatching>();
    }

    public static void MapProviders(this IEndpointRouteBuilder app) =>
        app.MapGet("/providers/health", Health)
            .WithName("ProvidersHealth").WithSummary("How each provider of the chain is, from its own calls.").WithTags("AI")
            .RequireAuthorization(Policies.ReadAudit);

    private static Ok<Dictionary<string, ProviderHealth>> Health(ProviderChains chains, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return TypedResults.Ok(chains.Current.Links.ToDictionary(l => l.Name, l => ProviderHealth.Of(l, now), StringComparer.Ordinal));
    }
}
