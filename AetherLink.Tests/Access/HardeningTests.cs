using System.Diagnostics.Metrics;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Access;

public sealed class HardeningTests
{
    [Theory]
    [InlineData(null, "203.0.113.9", "127.0.0.1")]
    [InlineData("10.0.0.0/8", "203.0.113.9", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.0/8, 10.0.0.0/8", "203.0.113.9, 10.1.2.3", "203.0.113.9")]
    [InlineData("127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9")]
    public async Task Forwarded_address_counts_from_a_configured_proxy_and_from_nobody_else(string? proxies, string forwarded, string expected)
    {
        await using var app = await ToyApp.StartAsync(settings: new()
        {
            ["FORWARDED_PROXIES"] = proxies,
            // What Aspire sets in what it publishes, and what would trust everybody.
            ["ForwardedHeaders_Enabled"] = "true",
        });

        using var answer = await app.SendAsync("/audit/stats", ("X-Forwarded-For", forwarded));

        Assert.Equal(expected, app.Logs.Lines.Single(line => line.Id.Id == 1000).Values["ClientIp"]);
    }

    [Fact]
    public void Proxy_that_is_no_address_stops_the_start() => Assert.Contains(
        "FORWARDED_PROXIES",
        Assert.Throws<InvalidOperationException>(() => ToyApp.Build(settings: new() { ["FORWARDED_PROXIES"] = "proxy.example" })).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task Headers_are_bounded_in_number_and_size()
    {
        await using var app = await ToyApp.StartAsync();
        // More than we take, and less than the hundred that the server would by itself.
        var many = Enumerable.Range(0, 70).Select(number => ($"X-{number}", "x")).ToArray();

        using var tooMany = await app.SendAsync("/ping", many);
        using var tooLarge = await app.SendAsync("/ping", ("X-Large", new string('x', 40_000)));
        using var tooLong = await app.SendAsync($"/ping?x={new string('x', 9_000)}");

        Assert.Equal((431, 431, 414), ((int)tooMany.StatusCode, (int)tooLarge.StatusCode, (int)tooLong.StatusCode));
    }

    [Fact]
    public async Task Other_origins_are_told_nothing()
    {
        await using var app = await ToyApp.StartAsync();

        using var preflight = await app.SendAsync(
            HttpMethod.Options, "/audit/stats", null, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "GET"));
        using var simple = await app.SendAsync("/ping", ("Origin", "https://evil.example"));

        Assert.Equal(405, (int)preflight.StatusCode);
        Assert.All([preflight, simple], answer => Assert.DoesNotContain(
            answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Roles_header_that_grants_nothing_is_counted()
    {
        await using var app = await ToyApp.StartAsync(environment: "Production");
        using var ignored = new Ignored(app);
        var token = new MeshTokens(ToyApp.MeshKey, "web", TimeProvider.System).Issue(ToyApp.Resource, []);

        using var bare = await app.SendAsync("/audit/stats", ("X-User-Roles", "admin"));
        using var besideAToken = await app.SendAsync("/audit/stats", ("X-User-Roles", "admin"), ("Authorization", $"Bearer {token}"));
        using var forged = await app.SendAsync("/audit/stats", ("X-User-Roles", "admin"), ("X-Mesh-Token", $"{token}x"));
        Assert.Equal((401, 403, 401, 3), ((int)bare.StatusCode, (int)besideAToken.StatusCode, (int)forged.StatusCode, ignored.Count));

        using var gateway = await app.SendAsync("/audit/stats", ("X-User-Roles", "admin"), ("X-Mesh-Token", token));
        using var malformed = await app.SendAsync("/audit/stats", ("X-User-Roles", "[1"), ("X-Mesh-Token", token));
        Assert.Equal((200, 400, 3), ((int)gateway.StatusCode, (int)malformed.StatusCode, ignored.Count));
    }

    [Fact]
    public async Task Open_doors_are_a_warning_a_degradation_and_a_field_for_the_pages()
    {
        await using var app = await ToyApp.StartAsync(settings: new() { ["RBAC_ENABLED"] = "false" });
        await using var closed = await ToyApp.StartAsync();

        var (health, ping) = (await app.GetAsync("/health"), await app.GetAsync("/ping"));

        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Contains("RBAC_ENABLED", health.GetProperty("checks").GetProperty("authorization").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.False(ping.GetProperty("rbac_enabled").GetBoolean());
        Assert.Contains(app.Logs.Lines, line => line.Id.Id == 1010);
        Assert.Equal("healthy", (await closed.GetAsync("/health")).GetProperty("status").GetString());
        Assert.False((await closed.GetAsync("/ping")).TryGetProperty("rbac_enabled", out _));
    }

    private sealed class Ignored : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public Ignored(ToyApp app)
        {
            var own = app.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, own) && instrument.Name == IgnoredHeaders.Counter)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
