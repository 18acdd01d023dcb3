using System.Collections.Concurrent;
using System.Diagnostics;

namespace AetherLink.Tests.Chaos;

/// <summary>What a load was told: its memory of every answer, to hold against what is stored afterwards.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, byte> _acknowledged = new();
    private readonly ConcurrentDictionary<string, byte> _refused = new();
    private readonly ConcurrentDictionary<string, byte> _answered = new();
    private readonly ConcurrentDictionary<string, byte> _called = new();
    private long _lastPublished;
    private long _lastAnswered;

    /// <summary>The ids of events of which a caller was told that they are stored.</summary>
    public IReadOnlyCollection<string> Acknowledged => [.. _acknowledged.Keys];

    /// <summary>The ids of events of which a caller was told that they are wrong. An answer that says "not now" is no refusal.</summary>
    public IReadOnlyCollection<string> Refused => [.. _refused.Keys];

    /// <summary>The trace ids of AI calls that were answered.</summary>
    public IReadOnlyCollection<string> Answered => [.. _answered.Keys];

    /// <summary>The trace ids of all AI calls that were tried, answered or not.</summary>
    public IReadOnlyCollection<string> Called => [.. _called.Keys];

    public int Events => _acknowledged.Count;

    public int Calls => _answered.Count;

    public void Acknowledge(string eventId, long begun)
    {
        _acknowledged.TryAdd(eventId, 0);
        Latest(ref _lastPublished, begun);
    }

    public void Refuse(string eventId) => _refused.TryAdd(eventId, 0);

    public void Call(string traceId) => _called.TryAdd(traceId, 0);

    public void Answer(string traceId, long begun)
    {
        _answered.TryAdd(traceId, 0);
        Latest(ref _lastAnswered, begun);
    }

    /// <summary>An event that was sent after a moment has been acknowledged, and an AI call begun after it answered.</summary>
    public bool IsServedSince(long moment) => Volatile.Read(ref _lastPublished) > moment && Volatile.Read(ref _lastAnswered) > moment;

    public static long Now => Stopwatch.GetTimestamp();

    private static void Latest(ref long last, long begun)
    {
        for (var seen = Volatile.Read(ref last); begun > seen; seen = Volatile.Read(ref last))
        {
            Interlocked.CompareExchange(ref last, begun, seen);
        }
    }
}
