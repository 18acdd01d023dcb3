using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Watching;

/// <summary>Looks at every enrolled service in its own time, so that a slow one delays no other.</summary>
internal sealed class ServiceWatch(
    HealSettings settings, WatchList list, WatchReport report, Healer healer, Probe probe, MeshControl control,
    ILogger<ServiceWatch> logger, TimeProvider clock) : BackgroundLoop(logger, clock)
{
    /// <summary>Targets that start together must not stay in step: each look is up to a tenth early or late.</summary>
    private const double Jitter = 0.1;

    protected override Task RunAsync(CancellationToken stopping)
    {
        if (!control.IsConfigured)
            Log.NoMeshControl(logger);
        var targets = settings.Services.Select(service => new ServiceTarget(service, probe, control)).ToArray();
        foreach (var target in targets)
            list.Put(target);
        return Task.WhenAll(targets.Select(target => WatchAsync(target, stopping)));
    }

    private async Task WatchAsync(HealTarget target, CancellationToken stopping)
    {
        await Task.Delay(Random.Shared.NextDouble() * settings.Interval, Clock, stopping);
        while (true)
        {
            try
            {
                var sighting = await target.LookAsync(stopping);
                report.Looked();
                await healer.ConsiderAsync(target, sighting, stopping);
            }
#pragma warning disable CA1031 // One target's fault must not end the watch over it, nor over the others.
            catch (Exception failure) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.LookFailed(logger, failure, target.Name);
            }

            await Task.Delay(settings.Interval * (1 - Jitter + 2 * Jitter * Random.Shared.NextDouble()), Clock, stopping);
        }
    }
}
