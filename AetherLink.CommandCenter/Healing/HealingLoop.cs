using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Healing;

/// <summary>Holds the rules against the endpoints once a second. Every replica looks, and one at a time acts.</summary>
internal sealed class HealingLoop(NpgsqlDataSource source, Healer healer, DatabaseReady database, TimeProvider clock, ILogger<HealingLoop> logger)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            foreach (var (rule, endpoint) in await WantedAsync(stopping))
            {
                await healer.TakeAsync(rule, endpoint, stopping);
            }
        }
    }

    private async Task<List<(HealingRule Rule, WebhookEndpoint Endpoint)>> WantedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var rules = await RuleStore.EnabledAsync(connection, cancellationToken);
        if (rules.Count == 0)
        {
            return [];
        }
        var endpoints = await EndpointStore.EnabledAsync(connection, cancellationToken);
        var memories = await RuleStore.MemoriesAsync(connection, cancellationToken);
        return
        [
            .. rules.SelectMany(rule => endpoints
                .Where(endpoint => HealingDecision.Decide(rule, endpoint, memories.GetValueOrDefault((rule.Id, endpoint.Id)), endpoint.ReadAt) is not null)
                .Select(endpoint => (rule, endpoint))),
        ];
    }
}
