using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.Access;

/// <summary>What a deployment may allow to people of no tenant.</summary>
public sealed class RolesWithoutTenantTests(OidcApp oidc) : IClassFixture<OidcApp>
{
    [Fact]
    public async Task Operator_without_a_tenant_is_one_in_all_where_the_deployment_says_so_and_others_are_not()
    {
        await using var app = await ToyApp.StartAsync(
            app => app.MapGet("/who", (Caller caller) => TypedResults.Ok(caller)).RequireAuthorization(Policies.ViewLeads),
            "Production",
            new()
            {
                ["Authentication:Authority"] = oidc.Issuer.Url,
                ["Authentication:RequireHttpsMetadata"] = "false",
                ["Authentication:RolesWithoutTenant"] = "operator",
            });
        string Of(params string[] roles) => $"Bearer {oidc.Issuer.Token(claims => claims["roles"] = new JsonArray([.. roles.Select(role => (JsonNode?)JsonValue.Create(role))]))}";

        using var viewer = await app.SendAsync("/who", ("Authorization", Of("viewer")));
        var caller = await app.GetAsync("/who", ("Authorization", Of("operator", "agent")));

        Assert.Equal(403, (int)viewer.StatusCode);
        Assert.Equal(("""["operator"]""", "null"), (caller.GetProperty("roles").GetRawText(), caller.GetProperty("tenant_id").GetRawText()));
        Assert.Contains("wizard", Assert.Throws<InvalidOperationException>(() => RolesWithoutTenant.Parse("operator, wizard")).Message, StringComparison.Ordinal);
    }
}
