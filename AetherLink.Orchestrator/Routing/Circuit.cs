namespace AetherLink.Orchestrator.Routing;

/// <summary>A breaker that several calls share.</summary>
internal sealed class Circuit(BreakerPolicy policy)
{
    private readonly Lock _lock = new();
    private Breaker _breaker = Breaker.Closed;

    public Breaker Snapshot()
    {
        lock (_lock) return _breaker;
    }

    public long? Enter(DateTimeOffset now)
    {
        lock (_lock)
        {
            (_breaker, var ticket) = _breaker.Enter(now);
            return ticket;
        }
    }

    public void Succeeded(long ticket)
    {
        lock (_lock) _breaker = _breaker.Succeeded(ticket);
    }

    public void Abandoned(long ticket)
    {
        lock (_lock) _breaker = _breaker.Abandoned(ticket);
    }

    public void Failed(long ticket, ProviderFault fault, DateTimeOffset now)
    {
        lock (_lock) _breaker = _breaker.Failed(ticket, fault.Kind, fault.RetryAfter, now, policy);
    }
}
