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
