using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.Orchestrator.Routing;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.AutoHeal;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.IdentityModel.JsonWebTokens;
using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

/// <summary>
/// A machine's clock that is set, back or ahead, by up to a year. What decides by the time takes it from its arguments, and is
/// driven here.
/// </summary>
public sealed class ClockJumpTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>A token counts its seconds from 1970 on: a long walk of the clock turns round before it, with room for a token's life.</summary>
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch.AddDays(1);

    private readonly int _rounds = Soak.Rounds(sample: 1_000, soak: 100_000);

    [Fact]
    public void A_mesh_token_is_valid_when_it_is_issued_whatever_the_clock_did_before()
    {
        var clock = new SetClock();
        var tokens = new MeshTokens(ToyApp.MeshKey, "chaos", clock);
        var random = Seeded();
        for (var round = 0; round < _rounds; round++)
        {
            var jump = Jump(random);
            clock.Advance(clock.GetUtcNow() + jump > Earliest ? jump : -jump);

            var token = new JsonWebToken(tokens.Issue("orchestrator", ["ai.run"]));

            Assert.True(token.ValidFrom <= clock.GetUtcNow().UtcDateTime, $"round {round}: valid from {token.ValidFrom:O} at {clock.GetUtcNow():O}");
            Assert.True(token.ValidTo > clock.GetUtcNow().UtcDateTime, $"round {round}: valid to {token.ValidTo:O} at {clock.GetUtcNow():O}");
        }
    }

    [Fact]
    public void A_provider_is_asked_again_in_time_however_the_clock_is_set_while_its_circuit_is_open()
    {
        var policy = new BreakerPolicy();
        var longest = policy.MaxRetryAfter > policy.CredentialsOpenFor ? policy.MaxRetryAfter : policy.CredentialsOpenFor;
        var random = Seeded();
        for (var round = 0; round < _rounds; round++)
        {
            var (breaker, ticket) = Breaker.Closed.Enter(Start);
            breaker = breaker.Failed(ticket!.Value, FaultKind.RateLimit, random.NextTime(Year), Start, policy);

            var jumped = Start + Jump(random);

            Assert.True(breaker.Admits(jumped) || breaker.Admits(jumped + longest), $"round {round}: not at {jumped:O}, nor {longest} later");
        }
    }

    [Fact]
    public void A_dead_service_is_restarted_within_two_hours_and_never_too_often_however_the_clock_is_set_and_the_healer_restarted()
    {
        var limits = GovernorLimits.Development;
        var (clock, random) = (new SetClock(), Seeded());
        var (real, heals, restarts) = (TimeSpan.Zero, new List<Heal>(), new List<TimeSpan>());
        var (fleet, time) = Restarted();
        for (var round = 0; round < _rounds; round++)
        {
            var bound = real + TimeSpan.FromHours(2);
            clock.Set(Jump(random));
            if (round % 4 == 0)
                (fleet, time) = Restarted();
            var id = Guid.NewGuid();
            Verdict? verdict = null;
            while (verdict is not { Ruling: Ruling.Restart })
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                real += TimeSpan.FromMinutes(1);
                fleet.See("web", new Sighting(Sign.Dead, "killed"), watchOnly: false);
                verdict = fleet.Decide(id, "web", Request.Automatic);
                Assert.True(real < bound, $"round {round}: not within two hours; {verdict.Why}");
            }

            heals.Add(FleetTests.Heal(time.Shared, "web", fleet.Find("web")!.Streak) with { Id = id });
            restarts.Add(real);
            restarts.RemoveAll(at => at <= real - GovernorLimits.Hour);
            Assert.InRange(restarts.Count, 1, limits.RestartsPerHour);
            fleet.Finish("web", healthy: true);
        }

        // With a journal that it reads first, and with Postgres, whose clock nobody sets.
        (Fleet, HealClock) Restarted()
        {
            var begun = new HealClock(clock);
            var fleet = new Fleet(new RestartGovernor(limits), begun);
            heals.RemoveRange(0, Math.Max(0, heals.Count - 10));
            fleet.Remember(heals);
            begun.Heard(Start + real);
            fleet.Remember(heals);
            return (fleet, begun);
        }
    }

    private Random Seeded()
    {
        output.WriteLine($"AETHERLINK_CHAOS_SEED={Seed.First}");
        return new(Seed.First);
    }

    /// <summary>Mostly a little, as time servers do; sometimes far, as a machine does whose clock had run down.</summary>
#pragma warning disable CA5394 // Nothing here is a secret.
    private static TimeSpan Jump(Random random) => (random.Next(2) == 0 ? -1 : 1) * random.NextTime(random.Next(3) switch
    {
        0 => TimeSpan.FromSeconds(5),
        1 => TimeSpan.FromHours(2),
        _ => Year,
    });
#pragma warning restore CA5394
}
