using AetherLink.Orchestrator.Routing;

namespace AetherLink.Tests.Orchestrator;

public sealed class BreakerTests
{
    private static readonly BreakerPolicy Policy = new() { FailureThreshold = 3, OpenFor = TimeSpan.FromSeconds(30), MaxOpenFor = TimeSpan.FromMinutes(2) };
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Circuit_opens_at_the_threshold_and_not_before()
    {
        var breaker = Breaker.Closed;

        for (var failure = 1; failure <= 3; failure++)
        {
            Assert.Equal(CircuitPhase.Closed, breaker.Phase);
            breaker = Fail(breaker, FaultKind.Network, Start);
        }

        Assert.Equal((CircuitPhase.Open, Start + Policy.OpenFor), (breaker.Phase, breaker.OpenUntil));
        Assert.False(breaker.Admits(Start + Policy.OpenFor - TimeSpan.FromTicks(1)));
        Assert.True(breaker.Admits(Start + Policy.OpenFor));
    }

    [Fact]
    public void Success_between_failures_starts_the_count_again()
    {
        var breaker = Fail(Fail(Breaker.Closed, FaultKind.Overload, Start), FaultKind.Overload, Start);

        breaker = breaker.Succeeded(breaker.Epoch);

        Assert.Equal(CircuitPhase.Closed, Fail(Fail(breaker, FaultKind.Overload, Start), FaultKind.Overload, Start).Phase);
    }

    [Fact]
    public void Open_circuit_sends_one_probe_and_closes_when_it_succeeds()
    {
        var opened = Opened();
        var later = opened.OpenUntil;

        var (probing, ticket) = opened.Enter(later);
        var (_, second) = probing.Enter(later);

        Assert.Equal(CircuitPhase.HalfOpen, opened.PhaseAt(later));
        Assert.NotNull(ticket);
        Assert.Null(second);
        Assert.Equal(CircuitPhase.Closed, probing.Succeeded(ticket.Value).Phase);
    }

    [Fact]
    public void Failed_probes_double_the_time_up_to_the_maximum()
    {
        var breaker = Opened();
        var waits = new List<double>();

        for (var probe = 0; probe < 4; probe++)
        {
            var now = breaker.OpenUntil;
            var (probing, ticket) = breaker.Enter(now);
            breaker = probing.Failed(ticket!.Value, FaultKind.Timeout, null, now, Policy);
            waits.Add((breaker.OpenUntil - now).TotalSeconds);
        }

        Assert.Equal([60, 120, 120, 120], waits);
    }

    [Fact]
    public void Abandoned_probe_leaves_its_place_to_the_next()
    {
        var opened = Opened();
        var (probing, ticket) = opened.Enter(opened.OpenUntil);

        var abandoned = probing.Abandoned(ticket!.Value);

        Assert.True(abandoned.Admits(opened.OpenUntil));
    }

    [Fact]
    public void Late_result_from_before_the_opening_moves_nothing()
    {
        var (_, early) = Breaker.Closed.Enter(Start);
        var opened = Opened();

        Assert.Equal(opened, opened.Succeeded(early!.Value));
        Assert.Equal(opened, opened.Failed(early.Value, FaultKind.Credentials, null, Start, Policy));
    }

    [Theory]
    [InlineData(nameof(FaultKind.Credentials), null, 600)]
    [InlineData(nameof(FaultKind.RateLimit), null, 30)]
    [InlineData(nameof(FaultKind.RateLimit), 7, 7)]
    [InlineData(nameof(FaultKind.RateLimit), 0, 1)]
    [InlineData(nameof(FaultKind.RateLimit), 86_400, 600)]
    [InlineData(nameof(FaultKind.Overload), 12, 12)]
    public void One_fault_opens_at_once_when_its_class_says_how_long(string kind, int? retryAfterSeconds, int openSeconds)
    {
        TimeSpan? retryAfter = retryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        var breaker = Breaker.Closed.Failed(0, Enum.Parse<FaultKind>(kind), retryAfter, Start, Policy);

        Assert.Equal((CircuitPhase.Open, Start.AddSeconds(openSeconds)), (breaker.Phase, breaker.OpenUntil));
    }

    [Fact]
    public void Refusals_never_open_a_circuit()
    {
        var breaker = Enumerable.Range(0, 100).Aggregate(Breaker.Closed, (b, _) => Fail(b, FaultKind.Refusal, Start));

        Assert.Equal(Breaker.Closed, breaker);
    }

    private static Breaker Fail(Breaker breaker, FaultKind kind, DateTimeOffset now) =>
        breaker.Failed(breaker.Epoch, kind, null, now, Policy);

    private static Breaker Opened() => Enumerable.Range(0, 3).Aggregate(Breaker.Closed, (b, _) => Fail(b, FaultKind.Network, Start));
}
