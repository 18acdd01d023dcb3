using System.Net;
using AetherLink.LoadGenerator.Running;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>What a busy mesh has gathered by the time that its event history holds a million.</summary>
internal static class LongHistory
{
    public const int Tenants = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task StoreAsync(PostgresServer postgres, IPEndPoint service, CancellationToken cancellationToken)
    {
        await MillionEvents.StoreAsync(postgres, cancellationToken);
        await ManyAlerts.StoreAsync(postgres, cancellationToken);
        await ManyDeliveries.StoreAsync(postgres, cancellationToken);
        await ManyChanges.StoreAsync(postgres, cancellationToken);
        await ManyInsights.StoreAsync(postgres, cancellationToken);
        // As autovacuum would have done by the time a table has grown so large.
        await postgres.ExecuteAsync("vacuum analyze", cancellationToken);
        await postgres.ExecuteAsync("checkpoint", cancellationToken);
        await UntilFollowedAsync(postgres, cancellationToken);
        // A type that it does not know: it reads which there are.
        using var client = new HttpClient { BaseAddress = new Uri($"http://{service}"), DefaultRequestHeaders = { { "X-User-Roles", "operator" } } };
        using var known = await client.GetAsync(new Uri($"/events/schema/{ManyChanges.SomeType}", UriKind.Relative), cancellationToken);
        known.EnsureSuccessStatusCode();
    }

    /// <summary>The alerts' and the deliveries' followers read a million events, too: a list must not wait for that.</summary>
    private static async Task UntilFollowedAsync(PostgresServer postgres, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while ((bool)(await postgres.AskAsync(
            "select coalesce(min(f.seq), 0) < (select last_seq from command_center.feed_head) from command_center.followers f", patience.Token))!)
        {
            await Task.Delay(100, patience.Token);
        }
    }
}
