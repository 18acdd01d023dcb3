using System.Threading.Channels;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Events.Streaming;

/// <summary>One reader of the live tail, with a bounded queue of frames that it shares with all other readers.</summary>
internal sealed class Subscriber(EventFilter filter, Action cutOff)
{
    /// <summary>A reader this far behind is not reading: it is cut off, and resumes by its id.</summary>
    internal const int MostFramesWaiting = 4_096;

    private readonly Channel<Frame> _frames = Channel.CreateBounded<Frame>(
        new BoundedChannelOptions(MostFramesWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<Frame> Frames => _frames.Reader;

    public bool IsBehind => _frames.Reader.Count > MostFramesWaiting / 2;

    /// <summary>False when the reader's queue is full; it is cut off then.</summary>
    public bool Offer(Frame frame)
    {
        if (frame.Event is { } stored && !filter.MatchesLive(stored))
        {
            return true;
        }
        if (_frames.Writer.TryWrite(frame))
        {
            return true;
        }
        if (_frames.Writer.TryComplete())
        {
            cutOff();
        }
        return false;
    }
}
