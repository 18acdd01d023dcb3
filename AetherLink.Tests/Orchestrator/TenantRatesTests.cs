using System.Globalization;
using AetherLink.Orchestrator.Governance;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Tenants are whatever callers say, and as many.</summary>
public sealed class TenantRatesTests
{
    private const int Many = 10_000;

    private static readonly ByTenant<RateLimit> Limits = new(
        new(PerSecond: 1, Burst: 2), new Dictionary<string, RateLimit> { ["slow"] = new(PerSecond: 0.001, Burst: 1) });

    private readonly SetClock _clock = new();
    private readonly TenantRates _rates;

    public TenantRatesTests() => _rates = new(_clock);

    [Fact]
    public void Tenants_beyond_those_that_are_kept_share_a_bucket_and_whoever_stands_in_the_file_has_its_own()
    {
        for (var tenant = 0; tenant < 3 * Many; tenant++) Take(tenant);

        Assert.Equal(Many, _rates.Count);
        Assert.NotNull(Take(5 * Many));
        Assert.Null(_rates.Take("slow", Limits));
        Assert.Null(Take(0));
        Assert.NotNull(Take(0));
    }

    [Fact]
    public void Tenant_is_forgotten_once_its_own_bucket_is_full_and_not_when_anothers_would_be()
    {
        Assert.Null(_rates.Take("slow", Limits));
        for (var tenant = 0; tenant < Many; tenant++) Take(tenant);
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(Take(Many));

        Assert.Equal(2, _rates.Count);
        Assert.NotNull(_rates.Take("slow", Limits));
    }

    private TimeSpan? Take(int tenant) => _rates.Take(tenant.ToString(CultureInfo.InvariantCulture), Limits);
}
