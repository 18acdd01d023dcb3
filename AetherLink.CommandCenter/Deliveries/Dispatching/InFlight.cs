namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>What is on its way from this replica, by endpoint.</summary>
internal sealed class InFlight
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _byEndpoint = [];
    private readonly HashSet<Guid> _full = [];
    private bool _isFull;
    private int _all;
    private TaskCompletionSource? _drained;

    public int All => Volatile.Read(ref _all);

    /// <summary>Whether an end will wake the dispatcher: the endpoint had no more room, and may have more that is due.</summary>
    public void Enter(Guid endpoint, bool filledTheRoom)
    {
        lock (_lock)
        {
            _byEndpoint[endpoint] = _byEndpoint.GetValueOrDefault(endpoint) + 1;
            _all++;
            if (filledTheRoom)
            {
                _full.Add(endpoint);
            }
        }
    }

    /// <summary>Nothing more goes out until something ends. False when that has happened already.</summary>
    public bool TryWaitForRoom(int most)
    {
        lock (_lock)
        {
            return _isFull = _all >= most;
        }
    }

    /// <summary>Whether there is room now for what had to wait.</summary>
    public bool Leave(Guid endpoint)
    {
        lock (_lock)
        {
            if ((_byEndpoint[endpoint] -= 1) == 0)
            {
                _byEndpoint.Remove(endpoint);
            }
            if (--_all == 0)
            {
                _drained?.TrySetResult();
            }
            var wasFull = _isFull;
            _isFull = false;
            return _full.Remove(endpoint) || wasFull;
        }
    }

    public IReadOnlyDictionary<Guid, int> ByEndpoint()
    {
        lock (_lock)
        {
            return new Dictionary<Guid, int>(_byEndpoint);
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
