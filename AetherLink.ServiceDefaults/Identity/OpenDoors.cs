namespace AetherLink.ServiceDefaults;

/// <summary>Says loudly, at the start and every minute, that nothing is being enforced.</summary>
internal sealed class OpenDoors(ILogger<OpenDoors> logger, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        do
            Log.AuthorizationIsOff(logger);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

/// <summary>Whether the policies are enforced. Whoever shows people a service shows it when they are not.</summary>
/// <param name="IsOn">False with <c>RBAC_ENABLED=false</c>.</param>
public sealed record Enforcement(bool IsOn)
{
    /// <summary>What to say when it is off.</summary>
    public const string Warning = "RBAC_ENABLED is false: every endpoint of this service is open to everybody.";
}
