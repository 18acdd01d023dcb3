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
