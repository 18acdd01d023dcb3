using AetherLink.AutoHeal.Governing;

namespace AetherLink.AutoHeal.Watching;

/// <summary>A service that nobody enrolled, and that is watched only.</summary>
internal sealed class KnownTarget(string name, Uri health, Probe probe, string whyNot) : HealTarget(name)
{
    /// <summary>Anyone may register a name there.</summary>
    public const string InCatalogue = "It is known to the Command Center and not enrolled: AUTOHEAL_SERVICES does not name it.";

    public const string OnlyNeeded = "Others need it (AUTOHEAL_DEPENDENCIES), and it is not enrolled: AUTOHEAL_SERVICES does not name it.";

    public Uri Health => health;

    public override string Kind => "service";

    public override bool IsEnrolled => false;

    public override string WhyNot => whyNot;

    public override async Task<Sighting> LookAsync(CancellationToken cancellationToken) =>
        await probe.AskAsync(health, cancellationToken) is { } fault ? new Sighting(Sign.Failing, fault) : new Sighting(Sign.Healthy, "");

    public override Task<string> ActionAsync(CancellationToken cancellationToken) => throw new NotSupportedException(WhyNot);

    public override Task ActAsync(string action, CancellationToken cancellationToken) => throw new NotSupportedException(WhyNot);

    public override async Task<bool> IsHealthyAsync(CancellationToken cancellationToken) =>
        (await LookAsync(cancellationToken)).Sign == Sign.Healthy;
}
