using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Watching;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Healing;

/// <summary>
/// The Command Center has the same Postgres. While that is away from here, and there are other replicas, it is asked whether it reaches it: then
/// they may, too, and heal as ever. Who is not asked, or does not answer, is no witness, and whoever is on duty acts.
/// </summary>
internal sealed class Witness(
    Duty duty, HealLedger ledger, IHttpClientFactory clients, IConfiguration configuration, ILogger<Witness> logger, TimeProvider clock)
    : BackgroundLoop(logger, clock)
{
    private static readonly Uri Health = new("/healthz", UriKind.Relative);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>It answers from memory.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly bool _isThere =
        configuration["COMMAND_CENTER_URL"] is { Length: > 0 } || configuration.GetSection($"services:{RegistryWatch.CommandCenter}").Exists();

    /// <summary>Has the duty know what it says now.</summary>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        if (duty.HasOthers)
            duty.Heard(_isThere && await IsReachedAsync(cancellationToken));
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            if (ledger.IsAlone)
                await AskAsync(stopping);
            else
                duty.Heard(null);
            await Task.Delay(Interval, Clock, stopping);
        }
    }

    private async Task<bool> IsReachedAsync(CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(Patience);
        try
        {
            using var client = clients.CreateClient(RegistryWatch.Client);
            using var answer = await client.GetAsync(Health, HttpCompletionOption.ResponseHeadersRead, time.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
