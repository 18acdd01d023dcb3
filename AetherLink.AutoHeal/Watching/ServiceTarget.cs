using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Settings;

namespace AetherLink.AutoHeal.Watching;

/// <summary>A resource of the mesh: probed over HTTP, restarted through whoever runs it.</summary>
internal sealed class ServiceTarget(EnrolledService service, Probe probe, IServiceControl control) : HealTarget(service.Name)
{
    private bool _wasStopping;
    private bool _commanded;

    public override string Kind => "service";

    public override string? WhyNot => control.WhyNot;

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

    public override Task<string> ActionAsync(CancellationToken cancellationToken) => control.ActionAsync(Name, cancellationToken);

    public override async Task ActAsync(string action, CancellationToken cancellationToken)
    {
        _commanded = true;
        try
        {
            await control.CommandAsync(Name, action, cancellationToken);
        }
        catch (HealFailedException)
        {
            // What it has ended all the same is our doing; what runs on, a person may end.
            _commanded = await control.FindAsync(Name, cancellationToken) is { State: not "Running" };
            throw;
        }
    }

    public override async Task<bool> IsHealthyAsync(CancellationToken cancellationToken) =>
        await probe.AskAsync(service.Probe, cancellationToken) is null && await control.HasSettledAsync(Name, cancellationToken);

    public override async Task<string?> HowItEndedAsync(CancellationToken cancellationToken) =>
        await control.FindAsync(Name, cancellationToken) is var state && ResourceReading.IsOver(state)
            ? ResourceReading.Read(state, wasStopping: false, byUs: true)?.Reason
            : null;
}
