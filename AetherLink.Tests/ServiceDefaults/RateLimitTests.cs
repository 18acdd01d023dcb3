using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class RateLimitTests
{
    private static readonly Dictionary<string, string?> Tight = new()
    {
        ["RateLimits:PermitsPerSecond"] = "1",
        ["RateLimits:Burst"] = "2",
    };

    [Fact]
    public async Task Caller_beyond_its_rate_is_told_when_to_come_back_and_others_go_on()
    {
        await using var app = await ToyApp.StartAsync(settings: Tight);
        var (ada, bob) = (("X-User-Name", "ada"), ("X-User-Name", "bob"));
        var role = ("X-User-Roles", "operator");
        for (var i = 0; i < 2; i++)
        {
            using var fine = await app.SendAsync("/audit/stats", role, ada);
            Assert.Equal(200, (int)fine.StatusCode);
        }

        using var limited = await app.SendAsync("/audit/stats", role, ada);
        await limited.AssertProblemAsync(429);
        Assert.True(limited.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));

        using var other = await app.SendAsync("/audit/stats", role, bob);
        Assert.Equal(200, (int)other.StatusCode);
    }

    [Fact]
    public async Task Person_takes_no_permits_of_a_service_or_of_another_person_of_the_same_name()
    {
        await using var app = await ToyApp.StartAsync(settings: Tight);
        var tokens = new MeshTokens(ToyApp.MeshKey, "ada", TimeProvider.System);
        string Of(string subject) => tokens.IssueFor(ToyApp.Resource, new Caller("ada", ["operator"], "acme", IsService: false) { Subject = subject });
        for (var i = 0; i < 3; i++)
        {
            using var own = await app.SendAsync("/audit/stats", ("Authorization", $"Bearer {Of("1")}"));
            Assert.Equal(i < 2 ? 200 : 429, (int)own.StatusCode);
        }

        using var namesake = await app.SendAsync("/audit/stats", ("Authorization", $"Bearer {Of("2")}"));
        using var service = await app.SendAsync("/audit/stats", ("Authorization", $"Bearer {tokens.Issue(ToyApp.Resource, [])}"));
        using var ofHeaders = await app.SendAsync("/audit/stats", ("X-User-Roles", "operator"), ("X-User-Name", "ada"));

        Assert.Equal((200, 403, 200), ((int)namesake.StatusCode, (int)service.StatusCode, (int)ofHeaders.StatusCode));
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    public void Addresses_of_one_IPv6_network_are_one_caller(string address, string caller) =>
        Assert.Equal(caller, RateLimits.Network(System.Net.IPAddress.Parse(address)));

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/metrics")]
    [InlineData("/ping")]
    public async Task Probes_are_not_limited(string path)
    {
        await using var app = await ToyApp.StartAsync(settings: Tight);
        for (var i = 0; i < 10; i++)
        {
            using var answer = await app.SendAsync(path);
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }
}
