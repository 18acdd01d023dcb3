using AetherLink.AutoHeal.Settings;

namespace AetherLink.AutoHeal.Watching;

/// <summary>Puts the enrolled services on the list, and what they need, and into the rounds.</summary>
internal sealed class ServiceWatch(
    HealSettings settings, WatchList list, Rounds rounds, Probe probe, IServiceControl control, ILogger<ServiceWatch> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (control.WhyNot is { } why)
            Log.NoServiceControl(logger, why);
        foreach (var service in settings.Services)
            Watch(new ServiceTarget(service, probe, control));
        foreach (var needed in settings.Needed)
            Watch(new KnownTarget(needed.Name, needed.Probe, probe, KnownTarget.OnlyNeeded));

        return Task.CompletedTask;
    }

    private void Watch(HealTarget target)
    {
        list.Put(target);
        rounds.Add(target);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
