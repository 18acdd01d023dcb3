using System.Collections.Concurrent;

namespace AetherLink.Orchestrator.Governance;

/// <summary>A token bucket as a value: so many tokens at a moment, refilled at a rate up to its burst.</summary>
internal readonly record struct TokenBucket(double Tokens, TimeSpan At)
{
    public static TokenBucket Full(RateLimit limit, TimeSpan now) => new(limit.Burst, now);

    /// <summary>Takes one, or says how long to wait for one.</summary>
    public (TokenBucket Next, TimeSpan? Wait) Take(RateLimit limit, TimeSpan now)
    {
        // A time that went back refills nothing.
        var passed = now > At ? (now - At).TotalSeconds : 0;
        var tokens = Math.Min(limit.Burst, Tokens + passed * limit.PerSecond);
        return tokens >= 1
            ? (new(tokens - 1, now), null)
            : (new(tokens, now), TimeSpan.FromSeconds((1 - tokens) / limit.PerSecond));
    }

    public bool IsFull(RateLimit limit, TimeSpan now) => Tokens + (now - At).TotalSeconds * limit.PerSecond >= limit.Burst;
}

/// <summary>How many calls a tenant may make, each replica for itself.</summary>
internal sealed class TenantRates(TimeProvider clock)
{
    /// <summary>Tenants are whatever callers say. At so many, those whose bucket is full are forgotten, since a new one is full too.</summary>
    private const int Many = 10_000;

    private readonly ConcurrentDictionary<string, Holder> _buckets = new(StringComparer.Ordinal);

    /// <summary>Null when the call may go on, else how long to wait.</summary>
    public TimeSpan? Take(string tenantId, RateLimit? limit)
    {
        if (limit is null) return null;
        var now = clock.GetElapsedTime(0);
        if (_buckets.Count >= Many) Forget(limit, now);
        var holder = _buckets.GetOrAdd(tenantId, _ => new Holder { Bucket = TokenBucket.Full(limit, now) });
        lock (holder)
        {
            (holder.Bucket, var wait) = holder.Bucket.Take(limit, now);
            return wait;
        }
    }

    private void Forget(RateLimit limit, TimeSpan now)
    {
        foreach (var (tenant, holder) in _buckets)
        {
            lock (holder)
            {
                if (holder.Bucket.IsFull(limit, now)) _buckets.TryRemove(tenant, out _);
            }
        }
    }

    private sealed class Holder
    {
        public TokenBucket Bucket;
    }
}
