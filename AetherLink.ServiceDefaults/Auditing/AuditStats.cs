using System.Collections.Concurrent;
using System.Globalization;

namespace AetherLink.ServiceDefaults;

/// <summary>What <c>/audit/stats</c> answers.</summary>
internal sealed record AuditSummary(
    long TotalRequests,
    [property: System.Text.Json.Serialization.JsonPropertyName("denied_401_unauthorized")] long Denied401,
    [property: System.Text.Json.Serialization.JsonPropertyName("denied_403_forbidden")] long Denied403,
    IReadOnlyDictionary<string, long> ByPath,
    IReadOnlyDictionary<string, long> ByStatus);

/// <summary>Counts requests since the start, by route template: what callers make up cannot grow it.</summary>
internal sealed class AuditStats
{
    public const string Unmatched = "(unmatched)";
    private const int TopPaths = 10;

    private readonly ConcurrentDictionary<string, Counter> _byPath = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, Counter> _byStatus = new();
    private readonly Counter _total = new();

    public void Count(string? template, int status)
    {
        _total.Add();
        _byPath.GetOrAdd(template ?? Unmatched, _ => new()).Add();
        _byStatus.GetOrAdd(status, _ => new()).Add();
    }

    public AuditSummary Summary() => new(
        _total.Value,
        _byStatus.GetValueOrDefault(401)?.Value ?? 0,
        _byStatus.GetValueOrDefault(403)?.Value ?? 0,
        _byPath.Select(path => KeyValuePair.Create(path.Key, path.Value.Value))
            .OrderByDescending(path => path.Value).ThenBy(path => path.Key, StringComparer.Ordinal)
            .Take(TopPaths)
            .ToDictionary(StringComparer.Ordinal),
        // Its own snapshot: what orders it would copy a dictionary that grows meanwhile.
        _byStatus.ToArray().OrderBy(status => status.Key).ToDictionary(
            status => status.Key.ToString(CultureInfo.InvariantCulture), status => status.Value.Value, StringComparer.Ordinal));

    private sealed class Counter
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }
}
