using System.Collections.Concurrent;
using System.Diagnostics;

namespace AetherLink.Tests.Chaos;

/// <summary>
/// What a load was told: its memory of every answer, to hold against what is stored afterwards. Each round has its own, so that
/// a soak's memory is that of its longest round.
/// </summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, byte> _acknowledged = new();
    private readonly ConcurrentDictionary<string, byte> _refused = new();
    private readonly ConcurrentDictionary<string, long> _answered = new();
    private readonly ConcurrentDictionary<string, byte> _called = new();
    private readonly long _begun = Now;
    private long _lastPublished;
    private long _lastAnswered;

    /// <summary>The ids of events of which a caller was told that they are stored.</summary>
    public IReadOnlyCollection<string> Acknowledged => [.. _acknowledged.Keys];

    /// <summary>The ids of events of which a caller was told that they are wrong. An answer that says "not now" is no refusal.</summary>
    public IReadOnlyCollection<string> Refused => [.. _refused.Keys];

    /// <summary>The trace ids of AI calls that were begun after a moment, and answered.</summary>
    public IReadOnlyCollection<string> AnsweredSince(long moment) => [.. _answered.Where(call => call.Value >= moment).Select(call => call.Key)];

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
        _answered.TryAdd(traceId, begun);
        Latest(ref _lastAnswered, begun);
    }

    /// <summary>An event that was sent after a moment has been acknowledged, and an AI call begun after it answered.</summary>
    public bool IsServedSince(long moment) => Volatile.Read(ref _lastPublished) > moment && Volatile.Read(ref _lastAnswered) > moment;

    /// <summary>An AI call by its trace id, and by when it was begun: what is missing from one moment on has one cause.</summary>
    public string Describe(string traceId) => $"{traceId} at {Stopwatch.GetElapsedTime(_begun, _answered[traceId]).TotalSeconds:0.0} s";

    public static long Now => Stopwatch.GetTimestamp();

    private static void Latest(ref long last, long begun)
    {
        for (var seen = Volatile.Read(ref last); begun > seen; seen = Volatile.Read(ref last))
        {
            Interlocked.CompareExchange(ref last, begun, seen);
        }
    }
}
