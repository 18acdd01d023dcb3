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
                new("GET /audit/stats", Policies.ViewOps), new("GET /docs", Policies.Public),
                new("GET /openapi/{documentName:regex(^v1$)}.json", Policies.Public),
                new("GET /ping", Policies.Public),
                new("GET,HEAD /alive", Policies.Public), new("GET,HEAD /health", Policies.Public), new("GET,HEAD /metrics", Policies.Public),
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
}
