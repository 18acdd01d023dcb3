namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>What is on its way from this replica, by endpoint.</summary>
internal sealed class InFlight(TimeProvider clock)
{
    /// <summary>An endpoint that nothing has come back from for so long is slow: it is not given the places that are kept for the others.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Way> _byEndpoint = [];
    private readonly HashSet<Guid> _full = [];
    private bool _isShort;
    private int _all;
    private TaskCompletionSource? _drained;

    /// <param name="Count">How many.</param>
    /// <param name="Since">When the last came back, or the first went out.</param>
    private readonly record struct Way(int Count, long Since);

    public int All => Volatile.Read(ref _all);

    /// <summary>Whether an end will wake the dispatcher: the endpoint had no more room, and may have more that is due.</summary>
    public void Enter(Guid endpoint, bool filledTheRoom)
    {
        lock (_lock)
        {
            _byEndpoint[endpoint] = _byEndpoint.TryGetValue(endpoint, out var way) ? way with { Count = way.Count + 1 } : new(1, clock.GetTimestamp());
            _all++;
            if (filledTheRoom)
            {
                _full.Add(endpoint);
            }
        }
    }

    /// <summary>Somebody gets less than is due until something ends: the next end wakes the dispatcher. False when fewer are on their way.</summary>
    public bool TryWaitForRoom(int most)
    {
        lock (_lock)
        {
            return _isShort = _all >= most;
        }
    }

    /// <summary>Whether there is room now for what had to wait.</summary>
    public bool Leave(Guid endpoint)
    {
        lock (_lock)
        {
            var left = _byEndpoint[endpoint].Count - 1;
            if (left == 0)
            {
                _byEndpoint.Remove(endpoint);
            }
            else
            {
                _byEndpoint[endpoint] = new(left, clock.GetTimestamp());
            }
            if (--_all == 0)
            {
                _drained?.TrySetResult();
            }
            var wasShort = _isShort;
            _isShort = false;
            return _full.Remove(endpoint) || wasShort;
        }
    }

    /// <summary>How many to each, and which of them are slow.</summary>
    public (IReadOnlyDictionary<Guid, int> Busy, Guid[] Slow) ByEndpoint()
    {
        lock (_lock)
        {
            return (
                _byEndpoint.ToDictionary(one => one.Key, one => one.Value.Count),
                [.. _byEndpoint.Where(one => clock.GetElapsedTime(one.Value.Since) > Slow).Select(one => one.Key)]);
        }
    }

    /// <summary>Completes when nothing is on its way.</summary>
    public Task DrainedAsync()
    {
        lock (_lock)
        {
            _drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_all == 0)
            {
                _drained.TrySetResult();
            }
            return _drained.Task;
        }
    }
}
