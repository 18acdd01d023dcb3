namespace AetherLink.Orchestrator.Routing;

internal enum CircuitPhase
{
    Closed,
    Open,
    HalfOpen,
}

/// <summary>How soon a circuit opens, and for how long.</summary>
internal sealed record BreakerPolicy
{
    /// <summary>Failures in a row. One may be chance, and each costs a caller the provider's timeout.</summary>
    public int FailureThreshold { get; init; } = 3;

    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The doubling ends here, so that no provider is given up for ever.</summary>
    public TimeSpan MaxOpenFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A wrong key mends by reconfiguration, which resets the circuit; a key mended at the provider is seen by this probe.</summary>
    public TimeSpan CredentialsOpenFor { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>
/// A circuit breaker as a value (M. Nygard, Release It!, "Circuit Breaker"): closed, open until a time, then half-open with
/// one probe at a time. It takes its time from its arguments. The ticket given on entry ties a result to the
/// circuit's epoch: what comes back late, from before an opening, no longer moves it.
/// </summary>
internal readonly record struct Breaker(
    CircuitPhase Phase, int ConsecutiveFailures, int Openings, DateTimeOffset OpenedAt, DateTimeOffset OpenUntil, long Epoch)
{
    public static Breaker Closed { get; } = new(CircuitPhase.Closed, 0, 0, DateTimeOffset.MinValue, DateTimeOffset.MinValue, 0);

    /// <summary>Half-open as a stored phase means that the probe is out.</summary>
    public bool Admits(DateTimeOffset now) => Phase switch
    {
        CircuitPhase.Closed => true,
        CircuitPhase.Open => IsDue(now),
        _ => false,
    };

    /// <summary>What a person is shown: an open circuit whose time is up waits for its probe.</summary>
    public CircuitPhase PhaseAt(DateTimeOffset now) =>
        Phase == CircuitPhase.Open && IsDue(now) ? CircuitPhase.HalfOpen : Phase;

    public (Breaker Next, long? Ticket) Enter(DateTimeOffset now)
    {
        if (!Admits(now)) return (this, null);
        if (Phase == CircuitPhase.Closed) return (this, Epoch);
        var probing = this with { Phase = CircuitPhase.HalfOpen, Epoch = Epoch + 1 };
        return (probing, probing.Epoch);
    }

    public Breaker Succeeded(long ticket) =>
        ticket == Epoch ? Closed with { Epoch = Epoch } : this;

    /// <summary>The caller went away: no verdict, but a probe must not stay out for ever.</summary>
    public Breaker Abandoned(long ticket) =>
        ticket == Epoch && Phase == CircuitPhase.HalfOpen ? this with { Phase = CircuitPhase.Open } : this;

    public Breaker Failed(long ticket, FaultKind kind, TimeSpan? retryAfter, DateTimeOffset now, BreakerPolicy policy)
    {
        if (ticket != Epoch) return this;
        // A refusal is about the text, not about the provider, which is there and answers.
        if (kind == FaultKind.Refusal) return Succeeded(ticket);
        if (kind == FaultKind.Credentials) return Open(now, policy.CredentialsOpenFor);
        if (kind == FaultKind.RateLimit || retryAfter is not null)
            return Open(now, Clamp(retryAfter ?? policy.OpenFor, TimeSpan.FromSeconds(1), policy.MaxRetryAfter));

        var failures = ConsecutiveFailures + 1;
        return Phase == CircuitPhase.HalfOpen || failures >= policy.FailureThreshold
            ? Open(now, Backoff(policy))
            : this with { ConsecutiveFailures = failures };
    }

    /// <summary>A clock that was set back behind the opening says nothing of its end: a probe does.</summary>
    private bool IsDue(DateTimeOffset now) => now >= OpenUntil || now < OpenedAt;

    private Breaker Open(DateTimeOffset now, TimeSpan time) => this with
    {
        Phase = CircuitPhase.Open,
        OpenedAt = now,
        OpenUntil = now + time,
        ConsecutiveFailures = 0,
        Openings = Openings + 1,
        Epoch = Epoch + 1,
    };

    private TimeSpan Backoff(BreakerPolicy policy)
    {
        var doubled = policy.OpenFor * Math.Pow(2, Math.Min(Openings, 16));
        return doubled < policy.MaxOpenFor ? doubled : policy.MaxOpenFor;
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan min, TimeSpan max) => value < min ? min : value > max ? max : value;
}
