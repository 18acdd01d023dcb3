using AetherLink.CommandCenter.Events.Streaming;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>Tells the dispatcher that something may be due: written here, by another replica, or come of age.</summary>
internal sealed class DispatchSignal
{
    /// <summary>The channel that tells other replicas, with the number of who tells it.</summary>
    public const string Channel = "command_center_deliveries";

    private readonly WakeUps _wakeUps = new();

    public void Pulse() => _wakeUps.Wake();

    public Task WaitAsync(CancellationToken cancellationToken) => _wakeUps.WaitAsync(cancellationToken);
}
