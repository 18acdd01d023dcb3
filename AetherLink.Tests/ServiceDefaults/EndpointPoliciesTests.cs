using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class EndpointPoliciesTests
{
    [Fact]
    public async Task Every_default_endpoint_has_a_named_policy()
    {
        await using var app = await ToyApp.StartAsync();

        Assert.Equal(
            [
                new("GET /alive", Policies.Public), new("GET /audit/endpoints", Policies.ViewOps), new("GET /audit/stats", Policies.ViewOps),
                new("GET /docs", Policies.Public), new("GET /health", Policies.Public), new("GET /metrics", Policies.Public),
                new("GET /openapi/{documentName:regex(^v1$)}.json", Policies.Public), new("GET /ping", Policies.Public),
            ],
            EndpointPolicies.Of(app.Services));
    }

    [Fact]
    public async Task Endpoint_without_a_policy_of_ours_is_found()
    {
        await using var app = await ToyApp.StartAsync(app =>
        {
            app.MapGet("/fine", () => TypedResults.Ok()).RequireAuthorization(Policies.ViewOps);
            app.MapGet("/forgotten", () => TypedResults.Ok());
            app.MapGet("/nameless", () => TypedResults.Ok()).RequireAuthorization();
            app.MapGet("/open", () => TypedResults.Ok()).RequireAuthorization(Policies.ViewOps).AllowAnonymous();
        });

        Assert.Equal(["GET /forgotten", "GET /nameless", "GET /open"], EndpointPolicies.Lacking(app.Services));
    }

    [Fact]
    public async Task Running_service_tells_operators_of_every_endpoint_and_of_who_passes()
    {
        await using var app = await ToyApp.StartAsync(app =>
        {
            app.MapMethods("/things/{id}", ["GET", "HEAD"], () => TypedResults.Ok()).RequireAuthorization(Policies.ReadEvents);
            app.MapGroup("").RequireAuthorization(Policies.ViewOps).MapDelete("/both", () => TypedResults.Ok()).RequireAuthorization(Policies.Configure);
            app.MapMethods("/probed", ["HEAD"], () => TypedResults.Ok()).RequireAuthorization(Policies.Public);
            app.Map("/forgotten", () => TypedResults.Ok());
        });
        using var refused = await app.SendAsync("/audit/endpoints", ("X-User-Roles", "agent"));

        var told = (await app.GetAsync("/audit/endpoints", ("X-User-Roles", "operator"))).GetProperty("endpoints").EnumerateArray().Select(one => one.GetRawText());

        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Equal(
            [
                """{"method":"DELETE","route":"/both","policies":["view-ops","configure"],"anybody":false,"roles":["admin"],"scope":null,"is_file":false}""",
                """{"method":"*","route":"/forgotten","policies":[],"anybody":false,"roles":[],"scope":null,"is_file":false}""",
                """{"method":"HEAD","route":"/probed","policies":["public"],"anybody":true,"roles":["viewer","agent","operator","admin"],"scope":null,"is_file":false}""",
                """{"method":"GET","route":"/things/{id}","policies":["read-events"],"anybody":false,"roles":["operator","admin"],"scope":"events.read","is_file":false}""",
            ],
            told.Where(one => one.Contains("/both", StringComparison.Ordinal) || one.Contains("/forgotten", StringComparison.Ordinal)
                || one.Contains("/probed", StringComparison.Ordinal) || one.Contains("/things", StringComparison.Ordinal)));
    }
}
