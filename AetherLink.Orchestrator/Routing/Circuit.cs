namespace AetherLink.Orchestrator.Routing;

/// <summary>What a result did to a circuit: a failed probe keeps it open, which is no news.</summary>
internal enum CircuitChange
{
    None,
    Opened,
    Closed,
}

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

    public CircuitChange Succeeded(long ticket) => Move(b => b.Succeeded(ticket));

    public void Abandoned(long ticket)
    {
        lock (_lock) _breaker = _breaker.Abandoned(ticket);
    }

    public CircuitChange Failed(long ticket, ProviderFault fault, DateTimeOffset now) =>
        Move(b => b.Failed(ticket, fault.Kind, fault.RetryAfter, now, policy));

    private CircuitChange Move(Func<Breaker, Breaker> next)
    {
        lock (_lock)
        {
            var before = _breaker.Phase;
            _breaker = next(_breaker);
            return (before, _breaker.Phase) switch
            {
                (CircuitPhase.Closed, CircuitPhase.Open) => CircuitChange.Opened,
                (not CircuitPhase.Closed, CircuitPhase.Closed) => CircuitChange.Closed,
                _ => CircuitChange.None,
            };
        }
    }
}
