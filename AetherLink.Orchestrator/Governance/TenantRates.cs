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
    /// <summary>
    /// Tenants are whatever callers say. At so many, those whose bucket is full are forgotten, since a new one is full too; when
    /// none is, those who are new share one. Whoever stands in the file has its own.
    /// </summary>
    private const int Many = 10_000;

    /// <summary>Looking through all of them takes a millisecond, so it is not done by every call.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Holder> _buckets = new(StringComparer.Ordinal);
    private readonly Holder _others = new();
    private readonly Lock _forgetting = new();
    private TimeSpan? _forgot;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Null when the call may go on, else how long to wait.</summary>
    public TimeSpan? Take(string tenantId, ByTenant<RateLimit> limits)
    {
        if (limits.Of(tenantId) is not { } limit) return null;
        while (true)
        {
            var now = clock.GetElapsedTime(0);
            var holder = Find(tenantId, now, isNamed: limits.Tenants.ContainsKey(tenantId));
            lock (holder)
            {
                // Between finding and locking it.
                if (holder.IsForgotten) continue;
                holder.Limit = limit;
                (holder.Bucket, var wait) = (holder.Bucket ?? TokenBucket.Full(limit, now)).Take(limit, now);
                return wait;
            }
        }
    }

    private Holder Find(string tenantId, TimeSpan now, bool isNamed)
    {
        if (_buckets.TryGetValue(tenantId, out var known)) return known;
        if (!isNamed && Count >= Many)
        {
            Forget(now);
            if (Count >= Many) return _others;
        }
        var fresh = new Holder();
        var holder = _buckets.GetOrAdd(tenantId, fresh);
        if (holder == fresh) Interlocked.Increment(ref _count);
        return holder;
    }

    private void Forget(TimeSpan now)
    {
        lock (_forgetting)
        {
            if (now - _forgot < Between) return;
            _forgot = now;
            foreach (var (tenant, holder) in _buckets)
            {
                lock (holder)
                {
                    // Each by its own limit: another tenant's says nothing of when it is full.
                    if (holder.Limit is not { } limit || holder.Bucket?.IsFull(limit, now) is not true) continue;
                    holder.IsForgotten = _buckets.TryRemove(tenant, out _);
                    Interlocked.Decrement(ref _count);
                }
            }
        }
    }

    private sealed class Holder
    {
        public TokenBucket? Bucket;
        public RateLimit? Limit;
        public bool IsForgotten;
    }
}
