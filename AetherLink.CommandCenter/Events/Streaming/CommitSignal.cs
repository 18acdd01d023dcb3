using System.Collections.Immutable;
using System.Threading.Channels;

namespace AetherLink.CommandCenter.Events.Streaming;

/// <summary>Something to wait on. Wake-ups that find another pending add nothing to it.</summary>
internal sealed class WakeUps
{
    private readonly Channel<bool> _pending = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Wake() => _pending.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken cancellationToken) => await _pending.Reader.ReadAsync(cancellationToken);
}

/// <summary>Tells whoever reads the table as a feed that there may be more: of a commit here, or of another replica's.</summary>
internal sealed class CommitSignal
{
    private ImmutableList<WakeUps> _listeners = [];

    /// <summary>What this replica's own notifications carry: it has pulsed by the time it hears of them.</summary>
    public string Origin { get; } = Guid.NewGuid().ToString("N");

    public WakeUps Listen()
    {
        var listener = new WakeUps();
        ImmutableInterlocked.Update(ref _listeners, list => list.Add(listener));
        return listener;
    }

    public void Pulse() => _listeners.ForEach(listener => listener.Wake());
}
