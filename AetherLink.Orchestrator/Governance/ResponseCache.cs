using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Providers;

namespace AetherLink.Orchestrator.Governance;

/// <summary>An answer that was given before, and by whom.</summary>
internal sealed record CachedAnswer(string Provider, string? Model, IntentResult Result);

/// <summary>
/// Answers by the content of their questions, for a while and only so many; the oldest go first. A tenant gets nothing that was
/// answered to another.
/// </summary>
internal sealed class ResponseCache(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, (CachedAnswer Answer, TimeSpan Until)> _answers = [];
    private readonly Queue<(UInt128 Key, TimeSpan Until)> _order = new();

    public CachedAnswer? Find(Question question, CacheSettings? settings)
    {
        if (settings is null) return null;
        var key = Key(question);
        lock (_lock) return _answers.TryGetValue(key, out var found) && found.Until > clock.GetElapsedTime(0) ? found.Answer : null;
    }

    public void Keep(Question question, CachedAnswer answer, CacheSettings? settings)
    {
        if (settings is null) return;
        var key = Key(question);
        var now = clock.GetElapsedTime(0);
        lock (_lock)
        {
            _answers[key] = (answer, now + settings.TimeToLive);
            _order.Enqueue((key, now + settings.TimeToLive));
            while (_order.TryPeek(out var oldest) && (_answers.Count > settings.MaxEntries || oldest.Until <= now))
            {
                _order.Dequeue();
                // Answered anew since: that one has a later place in the order.
                if (_answers.TryGetValue(oldest.Key, out var kept) && kept.Until == oldest.Until) _answers.Remove(oldest.Key);
            }
        }
    }

    private static UInt128 Key(Question question)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        // The prompt is the intent's version: another prompt is another question, and so is an answer of another shape.
        var intent = question.Intent;
        foreach (var part in (ReadOnlySpan<string>)[question.TenantId, intent.Name, intent.Prompt, intent.Schema.GetRawText(), question.Text])
        {
            MemoryMarshal.Write(length, part.Length);
            hash.AppendData(length);
            hash.AppendData(MemoryMarshal.AsBytes(part.AsSpan()));
        }
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return MemoryMarshal.Read<UInt128>(digest);
    }
}
