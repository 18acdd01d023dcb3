using System.Globalization;
using System.Text;
using AetherLink.CommandCenter.Events.Streaming;

namespace AetherLink.Tests.CommandCenter;

/// <summary>Notes the ids of the frames that a subscriber was sent. Now and then it is slow, as a socket is.</summary>
internal sealed class CollectingSink(Func<Task>? flush = null) : IFrameSink
{
    private readonly List<long> _ids = [];
    private int _writers;
    private int _flushes;

    public bool WasWrittenByTwoAtOnce { get; private set; }

    public IReadOnlyList<long> Ids
    {
        get
        {
            lock (_ids)
            {
                return [.. _ids];
            }
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        WasWrittenByTwoAtOnce |= Interlocked.Increment(ref _writers) != 1;
        var text = Encoding.UTF8.GetString(bytes);
        if (text.StartsWith("id: ", StringComparison.Ordinal))
        {
            lock (_ids)
            {
                _ids.Add(long.Parse(text.AsSpan(4, text.IndexOf('\n', StringComparison.Ordinal) - 4), CultureInfo.InvariantCulture));
            }
        }
        Interlocked.Decrement(ref _writers);
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => flush is not null
        ? new(flush())
        : ++_flushes % 3 == 0 ? new(YieldAsync()) : ValueTask.CompletedTask;

    public void GiveUp()
    {
    }

    private static async Task YieldAsync() => await Task.Yield();
}
