using AetherLink.AutoHeal.Settings;

namespace AetherLink.AutoHeal.Watching;

/// <summary>Puts the enrolled services on the list, and into the rounds.</summary>
internal sealed class ServiceWatch(
    HealSettings settings, WatchList list, Rounds rounds, Probe probe, IServiceControl control, ILogger<ServiceWatch> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (control.WhyNot is { } why)
            Log.NoServiceControl(logger, why);
        foreach (var service in settings.Services)
        {
            var target = new ServiceTarget(service, probe, control);
            list.Put(target);
            rounds.Add(target);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
