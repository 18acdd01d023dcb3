using System.Threading.Channels;

namespace AetherLink.Web.Live;

/// <summary>One browser's queue. It is bounded: a reader that does not keep up is cut off, and comes back by its last id.</summary>
internal sealed class LiveReader(string? tenant) : IDisposable
{
    /// <summary>Ten seconds at fifty events a second; the socket's own buffers come on top.</summary>
    internal const int MostWaiting = 512;

    private readonly Channel<LiveMessage> _queue = Channel.CreateBounded<LiveMessage>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly CancellationTokenSource _cut = new();

    /// <summary>What it had missed when it joined: before everything in the queue.</summary>
    public IReadOnlyList<LiveMessage> Missed { get; set; } = [];

    /// <summary>How far the feed was when it was told that last. The hub's.</summary>
    public long? ToldPosition { get; set; }

    /// <summary>Cancelled when it fell too far behind.</summary>
    public CancellationToken Cut => _cut.Token;

    public ChannelReader<LiveMessage> Queue => _queue.Reader;

    /// <summary>False when it has been cut off.</summary>
    public bool Offer(LiveMessage message)
    {
        if (!message.IsFor(tenant) || _queue.Writer.TryWrite(message))
            return true;
        _queue.Writer.TryComplete();
        // Not here: whoever waits for this would go on under the hub's lock.
        _ = _cut.CancelAsync();
        return false;
    }

    public void Dispose() => _cut.Dispose();
}
