using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class PolicyTests : IAsyncLifetime
{
    private static readonly string[] Names =
    [
        Policies.Public, Policies.ViewLeads, Policies.RunAi, Policies.ViewOps, Policies.Configure, Policies.PublishEvents,
        Policies.ReadEvents, Policies.ReadMesh, Policies.ReadHeals, Policies.ReadAudit, Policies.ControlMesh,
    ];

    private ToyApp _app = null!;

    public async Task InitializeAsync() => _app = await ToyApp.StartAsync(MapOnePerPolicy);

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public static TheoryData<string, string> People => new()
    {
        { "viewer", "public view-leads read-heals" },
        { "agent", "public view-leads run-ai publish-events read-heals read-audit" },
        { "operator", "public view-leads run-ai view-ops publish-events read-events read-mesh read-heals read-audit" },
        { "admin", "public view-leads run-ai view-ops configure publish-events read-events read-mesh read-heals read-audit" },
        { "nobody-known", "public read-heals" },
        { "service", "public read-heals" },
    };

    [Theory]
    [MemberData(nameof(People))]
    public async Task Role_passes_exactly_its_policies(string role, string passes)
    {
        foreach (var policy in Names)
        {
            using var answer = await _app.SendAsync($"/policy/{policy}", ("X-User-Roles", role));
            Assert.Equal((policy, passes.Split(' ').Contains(policy) ? 200 : 403), (policy, (int)answer.StatusCode));
        }
    }

    [Fact]
    public async Task Nobody_in_particular_passes_only_what_is_public()
    {
        foreach (var policy in Names)
        {
            using var answer = await _app.SendAsync($"/policy/{policy}");
            Assert.Equal((policy, policy is Policies.Public or Policies.ReadHeals ? 200 : 401), (policy, (int)answer.StatusCode));
        }
    }

    public static TheoryData<string, string> Services => new()
    {
        { Scopes.AiRun, "public run-ai read-heals" },
        { Scopes.EventsPublish, "public publish-events read-heals" },
        { Scopes.EventsRead, "public read-events read-heals" },
        { Scopes.MeshRead, "public read-mesh read-heals" },
        { Scopes.MeshControl, "public control-mesh read-heals" },
        { "mesh.read events.read", "public read-mesh read-events read-heals" },
        { "", "public read-heals" },
    };

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Service_passes_by_the_scopes_of_its_token_and_has_no_operators_power(string scopes, string passes)
    {
        var token = new MeshTokens(ToyApp.MeshKey, "other", TimeProvider.System).Issue(ToyApp.Resource, scopes.Split(' '));
        foreach (var policy in Names)
        {
            using var answer = await _app.SendAsync($"/policy/{policy}", ("Authorization", $"Bearer {token}"));
            Assert.Equal((policy, passes.Split(' ').Contains(policy) ? 200 : 403), (policy, (int)answer.StatusCode));
        }
    }

    [Theory]
    [InlineData("viewer", 403)]
    [InlineData("operator", 200)]
    public async Task Heals_need_a_role_when_they_are_configured_to(string role, int status)
    {
        await using var app = await ToyApp.StartAsync(MapOnePerPolicy, settings: new() { ["AUTOHEAL_REQUIRE_ROLES"] = "true" });

        using var answer = await app.SendAsync($"/policy/{Policies.ReadHeals}", ("X-User-Roles", role));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("Development", 200)]
    [InlineData("Staging", 401)]
    [InlineData("Production", 401)]
    public async Task Heals_are_read_by_nobody_in_particular_in_Development_alone(string environment, int status)
    {
        await using var app = await ToyApp.StartAsync(MapOnePerPolicy, environment);

        using var answer = await app.SendAsync($"/policy/{Policies.ReadHeals}");

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Endpoint_without_a_policy_is_closed_to_everybody()
    {
        using var admin = await _app.SendAsync("/forgotten", ("X-User-Roles", "admin"));
        await admin.AssertProblemAsync(403);
        using var nobody = await _app.SendAsync("/forgotten");
        await nobody.AssertProblemAsync(401);
    }

    [Fact]
    public async Task Everything_is_open_and_says_so_when_enforcement_is_off()
    {
        await using var app = await ToyApp.StartAsync(MapOnePerPolicy, settings: new() { ["RBAC_ENABLED"] = "false" });

        using var answer = await app.SendAsync($"/policy/{Policies.Configure}");

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains(app.Logs.Lines, line => line.Message.Contains("RBAC_ENABLED", StringComparison.Ordinal));
    }

    private static void MapOnePerPolicy(WebApplication app)
    {
        foreach (var policy in Names)
        {
            app.MapGet($"/policy/{policy}", () => TypedResults.Ok()).RequireAuthorization(policy);
        }
        app.MapGet("/forgotten", () => TypedResults.Ok());
    }
}
