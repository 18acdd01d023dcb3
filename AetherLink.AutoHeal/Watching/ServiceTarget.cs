using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Settings;

namespace AetherLink.AutoHeal.Watching;

/// <summary>A resource of the mesh: probed over HTTP, restarted through mesh control.</summary>
internal sealed class ServiceTarget(EnrolledService service, Probe probe, MeshControl control) : HealTarget(service.Name)
{
    private bool _wasStopping;
    private bool _commanded;

    public override string Kind => "service";

    public override bool CanBeRestarted => control.IsConfigured;

    public override async Task<Sighting> LookAsync(CancellationToken cancellationToken)
    {
        if (await probe.AskAsync(service.Probe, cancellationToken) is not { } fault)
        {
            _wasStopping = _commanded = false;
            return new Sighting(Sign.Healthy, "");
        }

        // The mesh knows at once what further probes would take seconds to show.
        var state = await control.FindAsync(Name, cancellationToken);
        var reading = ResourceReading.Read(state, _wasStopping, _commanded);
        _wasStopping = state?.State == "Stopping" || (_wasStopping && ResourceReading.IsOver(state));
        return reading ?? new Sighting(Sign.Failing, fault);
    }

    public override async Task<string> ActionAsync(CancellationToken cancellationToken) =>
        ResourceReading.IsOver(await control.FindAsync(Name, cancellationToken)) ? "start" : "restart";

    public override Task ActAsync(string action, CancellationToken cancellationToken)
    {
        _commanded = true;
        return control.CommandAsync(Name, action, cancellationToken);
    }

    public override async Task<bool> IsHealthyAsync(CancellationToken cancellationToken) =>
        await probe.AskAsync(service.Probe, cancellationToken) is null;
}
